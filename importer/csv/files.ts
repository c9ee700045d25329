import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../db/commandLine.ts'
import type { Table } from '../tables/table.ts'
import { isGzipped, unpackError } from './chunks.ts'
import { readHeader, unknownColumns, type Header } from './header.ts'
import { fileNames, normalizeName, explainLeftOut } from './names.ts'

/** A CSV file of the folder that can be imported. */
export type SourceFile = {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly header: Header
  readonly table: Table
}

/**
 * The files of a folder that can be imported, parents before children, and a sentence about each other file or column.
 */
export type SourceFolder = { readonly files: readonly SourceFile[]; readonly leftOut: readonly string[] }

/**
 * Reads the headers of a folder's files, whose names are case-insensitive. A `UserError` says what is wrong with a
 * file.
 */
export const readFolder = async (folder: string): Promise<SourceFolder> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') throw new UserError(`${folder} is a file: name the folder that it lies in.`)
    throw new UserError(`The folder ${folder} cannot be read (${error.code}): name one that holds the CSV files.`)
  })
  const names = entries.map(({ name }) => name)
  const present = fileNames.flatMap(({ name: fileName, table }) => {
    const [name, other] = names.filter((name) => normalizeName(name) === fileName)
    if (other !== undefined)
      throw new UserError(
        `The folder ${folder} holds both ${name} and ${other}: leave one of them, as both are ${fileName}.`,
      )
    return name === undefined ? [] : [{ name, table }]
  })
  const imported = new Set(present.map(({ name }) => name))
  // Names that begin with a dot belong to the system, such as .DS_Store.
  const others = entries.filter(({ name }) => !imported.has(name) && !name.startsWith('.'))
  const leftOut = (
    await Promise.all(
      others.map(async (entry) =>
        entry.isDirectory() ? describeFolder(folder, entry.name) : [explainLeftOut(entry.name)],
      ),
    )
  ).flat()
  if (present.length === 0)
    throw new UserError(
      `The folder ${folder} holds none of the files that can be imported: ${fileNames.map(({ name }) => name).join(', ')}.${leftOut
        .slice(0, 5)
        .map((sentence) => ` ${sentence}`)
        .join('')}`,
    )
  const files = await Promise.all(present.map(({ name, table }) => openSourceFile(join(folder, name), name, table)))
  const columns = files.flatMap(({ name, header, table }) =>
    unknownColumns(header, table).map(
      (column) => `The column ${column} of ${name} is left out: ${table.name} has none of that name.`,
    ),
  )
  return { files, leftOut: [...leftOut, ...columns] }
}

export const findFiles = async (folder: string): Promise<readonly SourceFile[]> => (await readFolder(folder)).files

const baseName = (name: string): string => normalizeName(name).replace(/\.csv$/, '')

/** Selects files by a comma-separated list of file names, with or without `.csv`, or table names. */
export const selectFiles = (files: readonly SourceFile[], list?: string): readonly SourceFile[] => {
  if (list === undefined) return files
  const names = list.split(',').map((name) => baseName(name.trim()))
  const isNamed = (name: string) => (file: SourceFile) => [baseName(file.name), file.table.name].includes(name)
  const unknown = names.find((name) => !files.some(isNamed(name)))
  if (unknown !== undefined)
    throw new UserError(
      `--only names ${unknown}, which is not in the folder: it holds ${files.map(({ name }) => name).join(', ')}.`,
    )
  return files.filter((file) => names.some((name) => isNamed(name)(file)))
}

/** A sentence for each file that is missing of a whole data set. */
export const describeMissingFiles = (files: readonly SourceFile[]): string[] => {
  const present = new Set(files.map(({ table }) => table))
  const missing = fileNames.filter(({ name, table }) => !present.has(table) && table.files[0] === name)
  return missing.map(({ name, table }) => `${name} is missing: --fresh leaves ${table.name} empty.`)
}

/** Sentences about a subfolder, whose files are left out. */
const describeFolder = async (folder: string, name: string): Promise<string[]> => {
  const names = await readdir(join(folder, name)).catch(() => [])
  const importable = names.filter((inner) => fileNames.some((file) => file.name === normalizeName(inner)))
  if (importable.length === 0) return [`${name}/ is left out: it is a folder.`]
  return importable.map((inner) => `${name}/${inner} is left out: it lies in a folder of the folder; move it up.`)
}

const openSourceFile = async (path: string, name: string, table: Table): Promise<SourceFile> => {
  const { size, mtimeMs } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code}): correct it, or take it out of the folder.`)
  })
  if (size === 0 && isGzipped(name)) throw new UserError(`${path} is empty: fetch or pack it again, and import again.`)
  const header = await readHeader(path, table).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof UserError) throw error
    throw (
      unpackError(path, error) ??
      new UserError(`${path} cannot be read (${error.code}): correct its permissions, or take it out of the folder.`)
    )
  })
  return { name, path, bytes: size, modifiedMs: mtimeMs, header, table }
}
