import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../db/problem.ts'
import { fileNames, headerOf, type FileName } from './files.ts'

/** A file that is being written. */
export type Sheet = {
  /** The rows so far. */
  readonly rows: () => number
  /** Adds a row, in ASCII and without its line end, and returns at once. */
  readonly add: (row: string) => void
  /** Resolves when all that was added is with the operating system; add nothing meanwhile. */
  readonly flush: () => Promise<void>
  /** What was not flushed is lost. */
  readonly close: () => Promise<void>
}

/** The sheets of a data set, by file name. */
export type Sheets = Readonly<Record<FileName, Sheet>>

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EEXIST: 'a file has that name',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a folder has the name of a file',
}

const writable = async <T>(folder: string, action: Promise<T>): Promise<T> => {
  try {
    return await action
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
    if (reason === undefined) throw error
    throw new Problem(`Cannot write to ${folder}: ${reason}. Name another folder, or mend this one.`)
  }
}

// Text that lives long costs the garbage collector half of the run; bytes cost it nothing.
const packedLength = 4096

const openSheet = async (folder: string, name: FileName): Promise<Sheet> => {
  const handle = await writable(folder, open(join(folder, name), 'w'))
  // A line end comes before a row, not after it, because the files end without one.
  let text = headerOf(name)
  let rows = 0
  let chunks: Buffer[] = []
  const pack = () => {
    chunks.push(Buffer.from(text, 'latin1'))
    text = ''
  }
  const flush = async () => {
    pack()
    const ready = Buffer.concat(chunks)
    chunks = []
    await writable(folder, handle.appendFile(ready))
  }
  return {
    rows: () => rows,
    add: (row) => {
      rows++
      text += '\n' + row
      if (text.length > packedLength) pack()
    },
    flush,
    close: () => handle.close(),
  }
}

/** Opens the files of a data set, empties those that exist, and makes the folder when it is missing. */
export const openSheets = async (folder: string): Promise<Sheets> => {
  await writable(folder, mkdir(folder, { recursive: true }))
  const sheets = await Promise.all(fileNames.map(async (name) => [name, await openSheet(folder, name)] as const))
  return Object.fromEntries(sheets) as Sheets
}
