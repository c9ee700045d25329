import { buildSql } from '../handlers/buildSql.ts'
import { type Command, type Db, type Lookup, Unavailable } from '../handlers/database.ts'
import { isSmall, costInRows } from '../handlers/page.ts'
import type { Sql } from './client.ts'
import { isConnectionError, isTimeout } from './deadline.ts'
import type { Pool } from './pool.ts'

// More keys cost less each, but all their requests wait for one statement, and server and process take turns.
const maxBatchSize = 48
// With more batches waiting for a connection than this, throughput counts more.
const busyAbove = 4
const maxBusyBatchSize = 192
const maxBatchRows = 1000

type Statement = Lookup<object, unknown> | Command<object, unknown>
type Outcome = { readonly answer?: string | undefined; readonly error?: unknown }
type Batch = {
  readonly keys: object[]
  /** The index of each key, by its JSON. */
  readonly indexes: Map<string, number>
  rows: number
  isWaiting: boolean
  outcomes: Promise<Outcome[]>
}

/** One pool for each cost, so that cheap statements do not wait for expensive ones. */
export type Pools = { readonly reads: Pool; readonly heavy: Pool; readonly writes: Pool; readonly counts: Pool }

/** Receives the pool of each statement, and how many keys it has. */
export type OnStatement = (pool: keyof Pools, keys: number) => void

/**
 * A database that batches keys: those that wait for the same lookup are sent as one statement when a connection is
 * free. A batch grows with the load, and an idle server adds no delay.
 */
export const batch = ({ reads, heavy, writes, counts }: Pools, onStatement: OnStatement = () => {}): Db => {
  // Set to undefined, not deleted: V8 rehashes a Map after many deletes.
  const open = new Map<Statement, Batch | undefined>()
  let waiting = 0

  const begin = (statement: Statement): Batch => {
    const batch: Batch = { keys: [], indexes: new Map(), rows: 0, isWaiting: true, outcomes: Promise.resolve([]) }
    waiting += 1
    const close = () => {
      if (!batch.isWaiting) return
      batch.isWaiting = false
      waiting -= 1
      if (open.get(statement) === batch) open.set(statement, undefined)
    }
    batch.outcomes = withRetry(isRead(statement), () =>
      (isRead(statement) ? reads : counts).use((sql) => {
        close()
        onStatement(isRead(statement) ? 'reads' : 'counts', batch.keys.length)
        return execute(sql, statement, batch.keys)
      }),
    ).finally(close)
    open.set(statement, batch)
    return batch
  }

  const join = (statement: Statement, key: object): { batch: Batch; index: number } => {
    const last = open.get(statement)
    const rows = costInRows(key)
    const maxSize = waiting > busyAbove ? maxBusyBatchSize : maxBatchSize
    const hasRoom = last && last.keys.length < maxSize && last.rows + rows <= maxBatchRows
    const batch = hasRoom ? last : begin(statement)
    // A read is answered once for equal keys, a write counts each.
    const name = isRead(statement) ? JSON.stringify(key) : ''
    const existing = name === '' ? undefined : batch.indexes.get(name)
    if (existing !== undefined) return { batch, index: existing }
    const index = batch.keys.push(key) - 1
    batch.rows += rows
    batch.indexes.set(name, index)
    return { batch, index }
  }

  // Equal keys are not shared: parsing a large answer takes time in this process too, which the pool limits.
  const unbatched = async (statement: Statement, key: object): Promise<string | undefined> => {
    const pool = isRead(statement) ? heavy : writes
    // The id of the product or question.
    const group = pool === heavy ? Object.entries(key)[0]?.join() : undefined
    onStatement(pool === heavy ? 'heavy' : 'writes', 1)
    const [outcome] = await withRetry(isRead(statement), () => pool.use((sql) => execute(sql, statement, [key]), group))
    const text = unwrap(outcome)
    if (text === undefined && statement.kind === 'heavy') throw new Unavailable('The answer would be too large.')
    return text
  }

  const ask = (statement: Statement, key: object): Promise<string | undefined> => {
    if (statement.kind === 'command' || statement.kind === 'heavy' || !isSmall(key)) return unbatched(statement, key)
    const { batch, index } = join(statement, key)
    return batch.outcomes.then((outcomes) => unwrap(outcomes[index]))
  }

  return {
    get: (lookup, key) => ask(lookup as Statement, key as object) as never,
    run: async (command, key) => {
      const text = await ask(command as Statement, key as object)
      return text === undefined ? undefined : JSON.parse(text)
    },
  }
}

const isRead = ({ kind }: Statement): boolean => kind === 'lookup' || kind === 'heavy'

/**
 * Runs a task again if its connection failed and nothing can be done twice. After a timeout it is not: it would time
 * out again.
 */
const withRetry = async <Result>(isRead: boolean, task: () => Promise<Result>): Promise<Result> => {
  try {
    return await task()
  } catch (error) {
    const cause = error instanceof Unavailable ? error.cause : undefined
    if (cause === undefined || isTimeout(cause)) throw error
    // 57P01: the server closed the connection before the statement, or rolled it back.
    if (isRead || (cause as { code?: string }).code === '57P01') return task()
    throw error
  }
}

const execute = async (sql: Sql, statement: Statement, keys: readonly object[]): Promise<Outcome[]> => {
  try {
    const { text, parameters } = buildSql(statement, keys)
    const rows = await sql.unsafe<({ n: string; answer: string | null } | undefined)[]>(text, parameters, {
      prepare: true,
    })
    const outcomes: Outcome[] = keys.map(() => ({}))
    // postgres.js leaves a hole for each row that a failed statement had sent before.
    for (const row of rows) if (row) outcomes[Number(row.n) - 1] = { answer: row.answer ?? undefined }
    // postgres.js keeps the rows alive through two functions of each query, which V8 moves to its old space.
    rows.length = 0
    return outcomes
  } catch (error) {
    if (isConnectionError(error) || isTimeout(error)) throw error
    if (keys.length === 1) return [{ error }]
    // One bad key fails the whole statement: each is sent alone, so that only that one fails.
    const outcomes: Outcome[] = []
    for (const key of keys) outcomes.push(...(await execute(sql, statement, [key])))
    return outcomes
  }
}

const unwrap = (outcome: Outcome | undefined): string | undefined => {
  if (outcome && 'error' in outcome) throw outcome.error
  return outcome?.answer
}
