import { stat } from 'node:fs/promises'
import { UserError } from '../../db/commandLine.ts'
import { createRowChecker, type RowContext } from './check.ts'
import type { Value } from '../columns.ts'
import type { SourceFile } from './files.ts'
import { readRecords } from './records.ts'
import type { Reject } from '../report/rejects.ts'
import { chunkBytes, TextFile, unpackError } from './chunks.ts'

/**
 * Consecutive rows of a file: those that can be loaded, with their lines, the rejects, and the number of the next line.
 */
export type CheckedBatch = {
  readonly rows: readonly (readonly Value[])[]
  readonly lines: readonly number[]
  readonly rejects: readonly Reject[]
  /** The lines of rows whose missing closing quote was added. */
  readonly repairs: readonly number[]
  readonly nextLine: number
  readonly bytesRead: number
}

/** Reads and checks a file from a line on. A `UserError` says that it changed meanwhile, or cannot be read. */
export async function* readBatches(
  file: SourceFile,
  context: RowContext,
  from = 1,
  chunkSize = chunkBytes,
): AsyncGenerator<CheckedBatch> {
  try {
    yield* checkBatches(file, context, from, chunkSize)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    const damage = unpackError(file.path, error)
    if (syscall === undefined && !damage) throw error
    await assertUnchanged(file)
    if (damage) throw damage
    throw new UserError(`${file.path} cannot be read (${code}): see to its disk and its permissions, and import again.`)
  }
  await assertUnchanged(file)
}

async function* checkBatches(
  file: SourceFile,
  context: RowContext,
  from: number,
  chunkSize: number,
): AsyncGenerator<CheckedBatch> {
  const check = createRowChecker(file, context)
  const text = new TextFile(file.path, from, chunkSize)
  for await (const { rows, broken, nextLine } of readRecords(text, file.header, from)) {
    const batch = { rows: [] as Value[][], lines: [] as number[], repairs: [] as number[] }
    const rejects: Reject[] = broken.map(({ line, text, reason }) => ({
      file: file.name,
      line,
      column: '',
      value: text,
      reason,
    }))
    for (const row of rows) {
      if (row.isRepaired) batch.repairs.push(row.line)
      const result = check(row)
      if (!Array.isArray(result)) rejects.push(result)
      else {
        batch.rows.push(result)
        batch.lines.push(row.line)
      }
    }
    yield { ...batch, rejects: rejects.toSorted((a, b) => a.line - b.line), nextLine, bytesRead: text.bytesRead }
  }
}

const assertUnchanged = async ({ path, bytes, modifiedMs }: SourceFile): Promise<void> => {
  const now = await stat(path).catch(() => undefined)
  if (!now) throw new UserError(`${path} vanished while it was read: put it back, and import again.`)
  if (now.size !== bytes || now.mtimeMs !== modifiedMs)
    throw new UserError(`${path} changed while it was read: import again when whatever writes it is done.`)
}
