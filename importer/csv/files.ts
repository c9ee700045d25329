import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../db/problem.ts'
import { readHeader, type Header } from './header.ts'
import { columnsOf, type Table } from '../tables/table.ts'
import { tables } from '../tables/index.ts'

/** A CSV file that is there to be imported. */
export type SourceFile = {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly header: Header
  readonly table: Table
}

/** The files of a folder that can be imported, parents before their children. A `Problem` says what is wrong with them. */
export const findFiles = async (folder: string): Promise<SourceFile[]> => {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') throw new Problem(`${folder} is a file: name the folder that it lies in.`)
    throw new Problem(`The folder ${folder} cannot be read (${error.code}): name one that holds the CSV files.`)
  })
  const known = tables.flatMap((table) => table.files.map((name) => ({ name, table })))
  const present = known.filter(({ name }) => names.includes(name))
  if (present.length === 0)
    throw new Problem(
      `The folder ${folder} holds none of the files that can be imported: ${known.map(({ name }) => name).join(', ')}.`,
    )
  return Promise.all(present.map(({ name, table }) => sourceFile(join(folder, name), name, table)))
}

/** The files of those that a list names, by file, with or without `.csv`, or by table. */
export const only = (files: readonly SourceFile[], list?: string): readonly SourceFile[] => {
  if (list === undefined) return files
  const names = list.split(',').map((name) => name.trim().replace(/\.csv$/, ''))
  const isNamed = (name: string) => (file: SourceFile) =>
    [file.name.replace(/\.csv$/, ''), file.table.name].includes(name)
  const unknown = names.find((name) => !files.some(isNamed(name)))
  if (unknown !== undefined)
    throw new Problem(
      `--only names ${unknown}, which is not in the folder: it holds ${files.map(({ name }) => name).join(', ')}.`,
    )
  return files.filter((file) => names.some((name) => isNamed(name)(file)))
}

const sourceFile = async (path: string, name: string, table: Table): Promise<SourceFile> => {
  const { size, mtimeMs } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Problem(`${path} cannot be read (${error.code}): correct it, or take it out of the folder.`)
  })
  const header = await readHeader(path).catch((error: NodeJS.ErrnoException) => {
    throw new Problem(`${path} cannot be read (${error.code}): correct its permissions, or take it out of the folder.`)
  })
  const needed = columnsOf(table).map(({ inFile }) => inFile)
  const missing = needed.filter((column) => !header.columns.includes(column))
  if (missing.length > 0)
    throw new Problem(
      `The first line of ${path} lacks ${missing.join(', ')}: it must name the columns ${needed.join(', ')}.`,
    )
  return { name, path, bytes: size, modifiedMs: mtimeMs, header, table }
}
