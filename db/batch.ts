import { buildSql } from '../handlers/buildSql.ts'
import { type Command, type Db, type Lookup, Unavailable } from '../handlers/database.ts'
import { isSmall, costInRows } from '../handlers/page.ts'
import type { Sql } from './client.ts'
import { isConnectionError, isMissedDeadline } from './deadline.ts'
import type { Pool } from './pool.ts'

/**
 * The most keys of one statement, and the most rows that they may stand for together. More would cost less each, but all
 * who wait would then wait for one statement, and the server and this process for each other.
 */
const maxBatchSize = 48
/** The most while several statements wait for a connection: how soon they are all answered is what counts then. */
const maxBusyBatchSize = 192
const severalWaiting = 4
const maxBatchRows = 1000

type Statement = Lookup<object, unknown> | Command<object, unknown>
type Outcome = { readonly answer?: string | undefined; readonly error?: unknown }
type Batch = {
  readonly keys: object[]
  readonly places: Map<string, number>
  rows: number
  isWaiting: boolean
  outcomes: Promise<Outcome[]>
}

/** Connections for each cost, so that none waits behind another: small lookups, large ones, commands, counters. */
export type Pools = { readonly reads: Pool; readonly heavy: Pool; readonly writes: Pool; readonly counts: Pool }

/**
 * A database whose keys are batched: those that wait for the same lookup go out as one statement as soon as a connection
 * is free, so a batch grows with the load and an idle server adds no delay.
 */
export const batch = ({ reads, heavy, writes, counts }: Pools): Db => {
  // Nothing is deleted from it, as one from which much is deleted is made anew every few times.
  const open = new Map<Statement, Batch | undefined>()
  let waiting = 0

  const begin = (statement: Statement): Batch => {
    const batch: Batch = { keys: [], places: new Map(), rows: 0, isWaiting: true, outcomes: Promise.resolve([]) }
    waiting += 1
    const close = () => {
      if (!batch.isWaiting) return
      batch.isWaiting = false
      waiting -= 1
      if (open.get(statement) === batch) open.set(statement, undefined)
    }
    batch.outcomes = attempt(isRead(statement), () =>
      (isRead(statement) ? reads : counts).use((sql) => {
        close()
        return answer(sql, statement, batch.keys)
      }),
    ).finally(close)
    open.set(statement, batch)
    return batch
  }

  const join = (statement: Statement, key: object): { batch: Batch; place: number } => {
    const last = open.get(statement)
    const rows = costInRows(key)
    const most = waiting > severalWaiting ? maxBusyBatchSize : maxBatchSize
    const hasRoom = last && last.keys.length < most && last.rows + rows <= maxBatchRows
    const batch = hasRoom ? last : begin(statement)
    // A key that is asked twice is answered once, but counted twice.
    const name = isRead(statement) ? JSON.stringify(key) : ''
    const known = name === '' ? undefined : batch.places.get(name)
    if (known !== undefined) return { batch, place: known }
    const place = batch.keys.push(key) - 1
    batch.rows += rows
    batch.places.set(name, place)
    return { batch, place }
  }

  // The same key is asked as often as it is asked for: a large answer takes its time here too, and its pool limits that.
  const unbatched = async (statement: Statement, key: object): Promise<string | undefined> => {
    const pool = isRead(statement) ? heavy : writes
    // The product or the question that is asked for.
    const group = pool === heavy ? Object.entries(key)[0]?.join() : undefined
    const [outcome] = await attempt(isRead(statement), () => pool.use((sql) => answer(sql, statement, [key]), group))
    const text = read(outcome)
    if (text === undefined && statement.kind === 'heavy') throw new Unavailable('The answer would be too large.')
    return text
  }

  const ask = (statement: Statement, key: object): Promise<string | undefined> => {
    if (statement.kind === 'command' || statement.kind === 'heavy' || !isSmall(key)) return unbatched(statement, key)
    const { batch, place } = join(statement, key)
    return batch.outcomes.then((outcomes) => read(outcomes[place]))
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
 * Puts a task again that failed with its connection, where that cannot do twice what was asked once. What missed its
 * deadline is not put again: it would miss it again, and hold up others for as long.
 */
const attempt = async <Result>(isRead: boolean, task: () => Promise<Result>): Promise<Result> => {
  try {
    return await task()
  } catch (error) {
    const cause = error instanceof Unavailable ? error.cause : undefined
    if (cause === undefined || isMissedDeadline(cause)) throw error
    // 57P01: the server ended the connection before the statement, or undid it.
    if (isRead || (cause as { code?: string }).code === '57P01') return task()
    throw error
  }
}

const answer = async (sql: Sql, statement: Statement, keys: readonly object[]): Promise<Outcome[]> => {
  try {
    const { text, parameters } = buildSql(statement, keys)
    const rows = await sql.unsafe<({ n: string; answer: string | null } | undefined)[]>(text, parameters, {
      prepare: true,
    })
    const outcomes: Outcome[] = keys.map(() => ({}))
    // postgres.js leaves a hole for each row that a failed statement had sent before.
    for (const row of rows) if (row) outcomes[Number(row.n) - 1] = { answer: row.answer ?? undefined }
    // postgres.js gives each query two functions of its own, which V8 takes for lasting, and all that they lead to with them.
    rows.length = 0
    return outcomes
  } catch (error) {
    if (isConnectionError(error) || isMissedDeadline(error)) throw error
    if (keys.length === 1) return [{ error }]
    // One bad key fails the statement of all: each alone, so that only it fails.
    const outcomes: Outcome[] = []
    for (const key of keys) outcomes.push(...(await answer(sql, statement, [key])))
    return outcomes
  }
}

const read = (outcome: Outcome | undefined): string | undefined => {
  if (outcome && 'error' in outcome) throw outcome.error
  return outcome?.answer
}
