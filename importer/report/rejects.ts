import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import Papa from 'papaparse'
import { UserError } from '../../db/commandLine.ts'

/** A row that was not loaded: its place, its invalid cell or its whole line, and a sentence with the reason. */
export type Reject = {
  readonly file: string
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

/** The file of rejects; `path` is undefined while there are none. */
export type RejectFile = {
  readonly path: string | undefined
  readonly write: (rejects: readonly Reject[]) => Promise<void>
  readonly close: () => Promise<void>
}

export const tooManyRejects = (max: number): UserError =>
  new UserError(`More than ${max} rows are rejected: correct the files, or allow more with --max-rejects.`)

const columns = ['file', 'line', 'column', 'value', 'reason'] as const

/** The shown characters of a value; a spreadsheet cell holds 32767. */
const maxValueLength = 1000

/** A reject with a value that is short and can be stored as text. */
export const truncateReject = (reject: Reject): Reject => {
  const value = reject.value.replaceAll('\0', '\uFFFD').toWellFormed()
  return { ...reject, value: value.length > maxValueLength ? `${value.slice(0, maxValueLength)}…` : value }
}

/**
 * A CSV file of rejects for spreadsheets, created with the first reject. Only its owner can read it, as rows contain
 * names and e-mail addresses.
 */
export const createRejectFile = (path: string): RejectFile => {
  let file: FileHandle | undefined
  return {
    get path() {
      return file && path
    },
    write: async (rejects) => {
      if (rejects.length === 0) return
      file ??= await openForRejects(path)
      await file.write(toCsv(rejects.map(truncateReject).map((reject) => columns.map((column) => reject[column]))))
    },
    close: async () => file?.close(),
  }
}

const openForRejects = async (path: string): Promise<FileHandle> => {
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'w', 0o600)
    // `open` leaves the permissions of an existing file.
    await file.chmod(0o600)
    await file.write(`\uFEFF${toCsv([columns])}`)
    return file
  } catch (error) {
    throw new UserError(`The rejects cannot be written to ${path} (${(error as Error).message}): name another file.`)
  }
}

/** Papaparse's default pattern misses a formula that spans two lines. */
const formula = /^[=+\-@\t\r]/

const toCsv = (rows: readonly (readonly (string | number)[])[]): string =>
  `${Papa.unparse(rows as (string | number)[][], { header: false, newline: '\r\n', escapeFormulae: formula })}\r\n`
