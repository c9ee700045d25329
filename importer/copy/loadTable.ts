import type { Sql } from '../../db/client.ts'
import { UserError } from '../../db/commandLine.ts'
import { connectBuilder } from '../build/builders.ts'
import type { RowContext } from '../csv/check.ts'
import { chunkBytes } from '../csv/chunks.ts'
import type { SourceFile } from '../csv/files.ts'
import { IdSet, ParentIndex, type SharedIndex } from '../csv/parents.ts'
import { readBatches, type CheckedBatch } from '../csv/read.ts'
import type { Reject } from '../report/rejects.ts'
import { childrenOf, tableOf } from '../tables/index.ts'
import { filledColumns, keyOf, type Table } from '../tables/table.ts'
import { translateError } from '../translateError.ts'
import { addBatch, readFileStates, saveFileState, type FileState } from './fileState.ts'
import { copyRows } from './stream.ts'

/** A file that can be sent to another thread: it has the name of its table. */
export type TransferableFile = Omit<SourceFile, 'table'> & { readonly table: string }

/** The task of loading the files of one table. */
export type LoadTask = {
  readonly url: string
  readonly table: string
  readonly files: readonly TransferableFile[]
  /** The rows of parent tables, by table name. */
  readonly parents: Readonly<Record<string, SharedIndex>>
  /** The live rows that are carried over, if the table has children. */
  readonly liveRows?: SharedIndex | undefined
  /** The start of the import, as an ISO time. */
  readonly startedAt: string
  /** The bytes of a file that are loaded in one transaction: an import that is killed repeats at most these. */
  readonly batchBytes: number
}

/** The progress of a file: bytes and rows read, and how many of the rows were rejected. */
export type ReadProgress = {
  readonly file: string
  readonly bytes: number
  readonly rows: number
  readonly rejected: number
}

type OnProgress = (progress: ReadProgress) => void

/** Loads the rest of a table's files into `staging`. Returns the index of its rows if the table has children. */
export const loadTable = async (task: LoadTask, onProgress: OnProgress): Promise<SharedIndex | undefined> => {
  // postgres.js does not always reject a query when its connection is lost between two statements.
  let onClose = (): void => {}
  const connectionLost = new Promise<never>((_resolve, reject) => {
    onClose = () => reject(Object.assign(new Error('The connection was closed.'), { code: 'CONNECTION_CLOSED' }))
  })
  connectionLost.catch(() => {})
  const sql = connectBuilder(task.url, () => onClose())
  try {
    return await Promise.race([loadFiles(sql, task, onProgress), connectionLost])
  } finally {
    await sql.end({ timeout: 0 })
  }
}

const loadFiles = async (sql: Sql, task: LoadTask, onProgress: OnProgress): Promise<SharedIndex | undefined> => {
  const table = tableOf(task.table)
  const context: RowContext = {
    parents: new Map(Object.entries(task.parents).map(([name, index]) => [name, new ParentIndex(index)])),
    index: childrenOf(table).length > 0 ? new ParentIndex(task.liveRows) : undefined,
    ids: new IdSet(),
    startedAt: task.startedAt,
  }
  const states = await readFileStates(sql, task.files)
  if ([...states.values()].some(({ staged }) => staged > 0)) await addStagedRows(sql, table, context)
  for (const file of task.files) {
    const state = states.get(file.name)
    if (state && !state.is_done) await loadFile(sql, { ...file, table }, context, state, task.batchBytes, onProgress)
  }
  return context.index?.shared
}

/** Adds the rows that were loaded before an interruption to the context. */
const addStagedRows = async (sql: Sql, table: Table, { index, ids }: RowContext): Promise<void> => {
  const key = keyOf(table)
  const rows = sql.unsafe<{ id: number; product: number }[]>(
    `select ${key} as id, ${index ? 'product_id' : '0'} as product from staging.${table.name}`,
  )
  for await (const some of rows.cursor(10_000)) {
    for (const { id, product } of some) {
      ids.add(id)
      index?.set(id, product)
    }
  }
}

const loadFile = async (
  sql: Sql,
  file: SourceFile,
  context: RowContext,
  state: FileState,
  batchBytes: number,
  onProgress: OnProgress,
): Promise<void> => {
  const batches = readBatches(file, context, state.line, Math.min(batchBytes, chunkBytes))
  const target = `staging.${file.table.name} (${filledColumns(file.table).join(', ')})`
  let start = performance.now()
  let committedBytes = 0
  while (!state.is_done) {
    const lines: (readonly number[])[] = []
    const rejects: Reject[] = []
    const takeRows = async function* (): AsyncGenerator<CheckedBatch['rows']> {
      for (;;) {
        const { value: batch } = await batches.next()
        state.is_done = !batch
        if (!batch) return
        addBatch(state, batch)
        rejects.push(...batch.rejects)
        lines.push(batch.lines)
        onProgress({ file: file.name, bytes: batch.bytesRead, rows: state.read, rejected: state.rejected })
        yield batch.rows
        if (batch.bytesRead - committedBytes < batchBytes) continue
        committedBytes = batch.bytesRead
        return
      }
    }
    await sql`begin`
    await copyRows(sql, target, takeRows()).catch((error: unknown) => {
      throw locateError(error, file, lines.flat())
    })
    state.seconds += (performance.now() - start) / 1000
    start = performance.now()
    await saveFileState(sql, file.name, state, rejects)
    await sql`commit`
  }
}

/** Names the file's line of a row that the server refused; the server counts lines from the start of a COPY. */
const locateError = (error: unknown, { path }: SourceFile, lines: readonly number[]): unknown => {
  // An error of the server itself, such as a full disk, has no row.
  const translated = translateError(error)
  if (translated !== error) return translated
  const { message, where = '' } = error as Error & { where?: string }
  const [, row, column] = /^COPY \w+, line (\d+)(?:, column (\w+))?/.exec(where) ?? []
  const line = lines[Number(row) - 1]
  if (line === undefined) return error
  return new UserError(`PostgreSQL refuses line ${line} of ${path}${column ? ` (${column})` : ''}: ${message}.`)
}
