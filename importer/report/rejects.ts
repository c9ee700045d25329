import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import Papa from 'papaparse'
import { UserError } from '../../db/commandLine.ts'

/** A row that was not loaded: where it stands, the cell at fault (or the line, if it is no row), and a sentence why. */
export type Reject = {
  readonly file: string
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

/** Where rejects are written. `path` is undefined while there are none. */
export type RejectFile = {
  readonly path: string | undefined
  readonly write: (rejects: readonly Reject[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** What an import says that has more rejects than it may have. */
export const tooManyRejects = (most: number): UserError =>
  new UserError(`More than ${most} rows are rejected: correct the files, or allow more with --max-rejects.`)

const columns = ['file', 'line', 'column', 'value', 'reason'] as const

/** Characters of a value that are shown; a spreadsheet takes 32767 in a cell. */
const longestValue = 1000

/** A reject whose value can be shown, and stored as text. */
export const shortened = (reject: Reject): Reject => {
  const value = reject.value.replaceAll('\0', '\uFFFD').toWellFormed()
  return { ...reject, value: value.length > longestValue ? `${value.slice(0, longestValue)}…` : value }
}

/**
 * A CSV file of rejects that a spreadsheet opens as it is, made when the first one is written. Its owner alone may read
 * it: rows hold names and addresses.
 */
export const rejectFile = (path: string): RejectFile => {
  let file: FileHandle | undefined
  return {
    get path() {
      return file && path
    },
    write: async (rejects) => {
      if (rejects.length === 0) return
      file ??= await create(path)
      await file.write(csv(rejects.map(shortened).map((reject) => columns.map((column) => reject[column]))))
    },
    close: async () => file?.close(),
  }
}

const create = async (path: string): Promise<FileHandle> => {
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'w', 0o600)
    // One that was there keeps its permissions otherwise.
    await file.chmod(0o600)
    await file.write(`\uFEFF${csv([columns])}`)
    return file
  } catch (error) {
    throw new UserError(`The rejects cannot be written to ${path} (${(error as Error).message}): name another file.`)
  }
}

/** The pattern of papaparse's own choice lets a formula pass that goes over two lines. */
const formula = /^[=+\-@\t\r]/

const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  `${Papa.unparse(rows as (string | number)[][], { header: false, newline: '\r\n', escapeFormulae: formula })}\r\n`
