import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../db/commandLine.ts'
import { fileNames, headerLine, type FileName } from './files.ts'

/** A CSV file that is being written. */
export type CsvWriter = {
  /** The number of rows added so far. */
  readonly rows: () => number
  /** Buffers a row: ASCII, without a line end. */
  readonly add: (row: string) => void
  /** Writes the buffered rows to the file. No row may be added until it resolves. */
  readonly flush: () => Promise<void>
  /** Closes the file; rows that were not flushed are lost. */
  readonly close: () => Promise<void>
}

export type CsvWriters = Readonly<Record<FileName, CsvWriter>>

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

const explainFailure = async <T>(folder: string, action: Promise<T>): Promise<T> => {
  try {
    return await action
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
    if (reason === undefined) throw error
    throw new UserError(`Cannot write to ${folder}: ${reason}. Name another folder, or mend this one.`)
  }
}

// Long-lived strings cost half of the run in garbage collection; buffers cost nothing.
const packedLength = 4096

const openCsvWriter = async (folder: string, name: FileName): Promise<CsvWriter> => {
  const handle = await explainFailure(folder, open(join(folder, name), 'w'))
  // The line end precedes a row: the real files end without one.
  let text = headerLine(name)
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
    await explainFailure(folder, handle.appendFile(ready))
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

/** Creates or empties the files of a data set, and creates the folder if it is missing. */
export const openCsvWriters = async (folder: string): Promise<CsvWriters> => {
  await explainFailure(folder, mkdir(folder, { recursive: true }))
  const writers = await Promise.all(fileNames.map(async (name) => [name, await openCsvWriter(folder, name)] as const))
  return Object.fromEntries(writers) as CsvWriters
}
