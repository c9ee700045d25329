import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../db/commandLine.ts'
import type { Table } from '../tables/table.ts'
import { isPacked, unpackProblem } from './chunks.ts'
import { readHeader, unknownColumns, type Header } from './header.ts'
import { fileNames, plainName, whyLeftOut } from './names.ts'

/** A CSV file that is there to be imported. */
export type SourceFile = {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly header: Header
  readonly table: Table
}

/** What a folder holds: files that can be imported, parents before their children, and sentences about all else. */
export type Source = { readonly files: readonly SourceFile[]; readonly leftOut: readonly string[] }

/** Reads a folder, whatever the case of its names. A `UserError` says what is wrong with a file. */
export const readFolder = async (folder: string): Promise<Source> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') throw new UserError(`${folder} is a file: name the folder that it lies in.`)
    throw new UserError(`The folder ${folder} cannot be read (${error.code}): name one that holds the CSV files.`)
  })
  const names = entries.map(({ name }) => name)
  const present = fileNames.flatMap(({ name: known, table }) => {
    const [name, other] = names.filter((name) => plainName(name) === known)
    if (other !== undefined)
      throw new UserError(
        `The folder ${folder} holds both ${name} and ${other}: leave one of them, as both are ${known}.`,
      )
    return name === undefined ? [] : [{ name, table }]
  })
  const imported = new Set(present.map(({ name }) => name))
  // What begins with a dot is of the system's, as .DS_Store is.
  const others = entries.filter(({ name }) => !imported.has(name) && !name.startsWith('.'))
  const leftOut = (
    await Promise.all(
      others.map(async (entry) => (entry.isDirectory() ? below(folder, entry.name) : [whyLeftOut(entry.name)])),
    )
  ).flat()
  if (present.length === 0)
    throw new UserError(
      `The folder ${folder} holds none of the files that can be imported: ${fileNames.map(({ name }) => name).join(', ')}.${leftOut
        .slice(0, 5)
        .map((sentence) => ` ${sentence}`)
        .join('')}`,
    )
  const files = await Promise.all(present.map(({ name, table }) => sourceFile(join(folder, name), name, table)))
  const columns = files.flatMap(({ name, header, table }) =>
    unknownColumns(header, table).map(
      (column) => `The column ${column} of ${name} is left out: ${table.name} has none of that name.`,
    ),
  )
  return { files, leftOut: [...leftOut, ...columns] }
}

/** The files of a folder that can be imported. */
export const findFiles = async (folder: string): Promise<readonly SourceFile[]> => (await readFolder(folder)).files

const stemOf = (name: string): string => plainName(name).replace(/\.csv$/, '')

/** The files of those that a list names, by file, with or without its ending, or by table. */
export const only = (files: readonly SourceFile[], list?: string): readonly SourceFile[] => {
  if (list === undefined) return files
  const names = list.split(',').map((name) => stemOf(name.trim()))
  const isNamed = (name: string) => (file: SourceFile) => [stemOf(file.name), file.table.name].includes(name)
  const unknown = names.find((name) => !files.some(isNamed(name)))
  if (unknown !== undefined)
    throw new UserError(
      `--only names ${unknown}, which is not in the folder: it holds ${files.map(({ name }) => name).join(', ')}.`,
    )
  return files.filter((file) => names.some((name) => isNamed(name)(file)))
}

/** What files are missing of a whole data set, and what becomes of their tables. */
export const missingFiles = (files: readonly SourceFile[]): string[] => {
  const there = new Set(files.map(({ table }) => table))
  const missing = fileNames.filter(({ name, table }) => !there.has(table) && table.files[0] === name)
  return missing.map(({ name, table }) => `${name} is missing: --fresh leaves ${table.name} empty.`)
}

/** Says of a folder below which files in it are left out. */
const below = async (folder: string, name: string): Promise<string[]> => {
  const names = await readdir(join(folder, name)).catch(() => [])
  const known = names.filter((inner) => fileNames.some((file) => file.name === plainName(inner)))
  if (known.length === 0) return [`${name}/ is left out: it is a folder.`]
  return known.map((inner) => `${name}/${inner} is left out: it lies in a folder of the folder; move it up.`)
}

const sourceFile = async (path: string, name: string, table: Table): Promise<SourceFile> => {
  const { size, mtimeMs } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code}): correct it, or take it out of the folder.`)
  })
  if (size === 0 && isPacked(name)) throw new UserError(`${path} is empty: fetch or pack it again, and import again.`)
  const header = await readHeader(path, table).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof UserError) throw error
    throw (
      unpackProblem(path, error) ??
      new UserError(`${path} cannot be read (${error.code}): correct its permissions, or take it out of the folder.`)
    )
  })
  return { name, path, bytes: size, modifiedMs: mtimeMs, header, table }
}
