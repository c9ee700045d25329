import { type Db, Unavailable } from '../handlers/database.ts'
import { isSmall, costInRows } from '../handlers/page.ts'
import type { Sql } from './client.ts'
import type { Pool } from './pool/pool.ts'
import { execute, isRead, keyOf, type Outcome, type Statement, unwrap, withRetry } from './send.ts'

// More keys cost less each, but all their requests wait for one statement, and server and process take turns.
const maxBatchSize = 48
// With more batches waiting for a connection than this, throughput counts more.
const busyAbove = 4
const maxBusyBatchSize = 192
const maxBatchRows = 1000

// The most batches of a statement, by their scalars, that are remembered as open.
const maxOpen = 64

type Batch = {
  readonly keys: object[]
  /** The index of each key of a lookup. */
  readonly indexes: Map<string, number>
  rows: number
  isWaiting: boolean
  outcomes: Promise<Outcome[]>
}
/** The scalars of a statement, and the open batch for each of their values. */
type Open = { readonly scalars: readonly string[]; readonly batches: Map<string, Batch | undefined> }

/** One pool for each cost, so that cheap statements do not wait for expensive ones. */
export type Pools = { readonly reads: Pool; readonly heavy: Pool; readonly writes: Pool; readonly counts: Pool }

/** Receives the pool of each statement, and how many keys it has. */
export type OnStatement = (pool: keyof Pools, keys: number) => void

/**
 * A database that batches keys: those that wait for the same lookup, with the same scalars, are sent as one statement
 * when a connection is free. A batch grows with the load, and an idle server adds no delay.
 */
export const batch = ({ reads, heavy, writes, counts }: Pools, onStatement: OnStatement = () => {}): Db => {
  const opened = new WeakMap<Statement, Open>()
  let waiting = 0

  const openOf = (statement: Statement): Open => {
    let open = opened.get(statement)
    if (!open) opened.set(statement, (open = { scalars: scalarsOf(statement), batches: new Map() }))
    // Batches that were open are sent as they are; nothing joins them any more.
    if (open.batches.size > maxOpen) open.batches.clear()
    return open
  }

  const begin = (statement: Statement, { batches }: Open, values: string): Batch => {
    const batch: Batch = { keys: [], indexes: new Map(), rows: 0, isWaiting: true, outcomes: Promise.resolve([]) }
    waiting += 1
    const close = () => {
      if (!batch.isWaiting) return
      batch.isWaiting = false
      waiting -= 1
      // Set to undefined, not deleted: V8 rehashes a Map after many deletes.
      if (batches.get(values) === batch) batches.set(values, undefined)
    }
    // A write that was carried out for one key is not sent again when the connection fails at another.
    let canRetry = true
    const start = (sql: Sql) => {
      close()
      onStatement(isRead(statement) ? 'reads' : 'counts', batch.keys.length)
      return execute(sql, statement, batch.keys, () => (canRetry = isRead(statement)))
    }
    const pool = isRead(statement) ? reads : counts
    const use = () => pool.use(start, { size: () => batch.keys.length })
    batch.outcomes = withRetry(isRead(statement), use, () => canRetry).finally(close)
    batches.set(values, batch)
    return batch
  }

  const join = (statement: Statement, key: object): { batch: Batch; index: number } => {
    const open = openOf(statement)
    const values = valuesOf(open.scalars, key)
    const last = open.batches.get(values)
    const rows = costInRows(key)
    const maxSize = waiting > busyAbove ? maxBusyBatchSize : maxBatchSize
    const hasRoom = last && last.keys.length < maxSize && last.rows + rows <= maxBatchRows
    const batch = hasRoom ? last : begin(statement, open, values)
    // A read is answered once for equal keys, a write counts each.
    const name = 'key' in statement ? keyOf(statement, key) : undefined
    const existing = name === undefined ? undefined : batch.indexes.get(name)
    if (existing !== undefined) return { batch, index: existing }
    const index = batch.keys.push(key) - 1
    batch.rows += rows
    if (name !== undefined) batch.indexes.set(name, index)
    return { batch, index }
  }

  // Equal keys are not shared: parsing a large answer takes time in this process too, which the pool limits.
  const unbatched = async (statement: Statement, key: object): Promise<string | undefined> => {
    const pool = isRead(statement) ? heavy : writes
    // The id of the product or question.
    const group = 'key' in statement ? `${statement.key},${keyOf(statement, key)}` : undefined
    onStatement(pool === heavy ? 'heavy' : 'writes', 1)
    const start = (sql: Sql) => execute(sql, statement, [key])
    const [outcome] = await withRetry(isRead(statement), () => pool.use(start, { group }))
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

const scalarsOf = (statement: Statement): string[] =>
  'key' in statement ? Object.keys(statement.columns).filter((name) => name !== statement.key) : []

/** The values that all keys of a batch have in common, as text. */
const valuesOf = (scalars: readonly string[], key: object): string =>
  scalars.length === 0 ? '' : JSON.stringify(scalars.map((name) => key[name as keyof object]))
