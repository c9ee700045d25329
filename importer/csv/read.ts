import { stat } from 'node:fs/promises'
import { UserError } from '../../db/commandLine.ts'
import { checker, type RowContext } from './check.ts'
import type { Value } from '../columns.ts'
import type { SourceFile } from './files.ts'
import { readRecords } from './records.ts'
import type { Reject } from '../report/rejects.ts'
import { chunkBytes, TextFile, unpackProblem } from './chunks.ts'

/** A part of a file: the rows that can be loaded, with their lines, those that cannot, and the line that follows. */
export type Part = {
  readonly rows: readonly (readonly Value[])[]
  readonly lines: readonly number[]
  readonly rejects: readonly Reject[]
  /** Lines of rows that lacked a closing quote. */
  readonly repairs: readonly number[]
  readonly next: number
  readonly bytesRead: number
}

/** Reads a file part by part from a line on. A `UserError` says that it changed meanwhile, or cannot be read. */
export async function* readParts(
  file: SourceFile,
  context: RowContext,
  from = 1,
  atOnce = chunkBytes,
): AsyncGenerator<Part> {
  try {
    yield* partsOf(file, context, from, atOnce)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    const unpack = unpackProblem(file.path, error)
    if (syscall === undefined && !unpack) throw error
    await mustBeUnchanged(file)
    if (unpack) throw unpack
    throw new UserError(`${file.path} cannot be read (${code}): see to its disk and its permissions, and import again.`)
  }
  await mustBeUnchanged(file)
}

async function* partsOf(file: SourceFile, context: RowContext, from: number, atOnce: number): AsyncGenerator<Part> {
  const check = checker(file, context)
  const text = new TextFile(file.path, from, atOnce)
  for await (const { rows, broken, next } of readRecords(text, file.header, from)) {
    const part = { rows: [] as Value[][], lines: [] as number[], repairs: [] as number[] }
    const rejects: Reject[] = broken.map(({ line, text, reason }) => ({
      file: file.name,
      line,
      column: '',
      value: text,
      reason,
    }))
    for (const row of rows) {
      if (row.isRepaired) part.repairs.push(row.line)
      const result = check(row)
      if (!Array.isArray(result)) rejects.push(result)
      else {
        part.rows.push(result)
        part.lines.push(row.line)
      }
    }
    yield { ...part, rejects: rejects.toSorted((a, b) => a.line - b.line), next, bytesRead: text.bytesRead }
  }
}

const mustBeUnchanged = async ({ path, bytes, modifiedMs }: SourceFile): Promise<void> => {
  const now = await stat(path).catch(() => undefined)
  if (!now) throw new UserError(`${path} vanished while it was read: put it back, and import again.`)
  if (now.size !== bytes || now.mtimeMs !== modifiedMs)
    throw new UserError(`${path} changed while it was read: import again when whatever writes it is done.`)
}
