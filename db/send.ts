import { buildSql } from '../handlers/buildSql.ts'
import { type Command, type Lookup, Unavailable } from '../handlers/database.ts'
import type { Sql } from './client.ts'
import { isConnectionError, isTimeout } from './pool/deadline.ts'

/** A statement of a handler, whatever its keys and answers. */
export type Statement = Lookup<object, unknown> | Command<object, unknown>
/** The answer for a key, or the error that its statement met. */
export type Outcome = { readonly answer?: string | undefined; readonly error?: unknown }

/** True for a lookup, which can be sent again. */
export const isRead = (statement: Statement): boolean => 'key' in statement

/** The key of a lookup, as text. */
export const keyOf = ({ key: name }: Lookup<never, unknown>, key: object): string => String(key[name as keyof object])

/**
 * Runs a task again if its connection failed and nothing can be done twice. After a timeout it is not: it would time
 * out again.
 */
export const withRetry = async <Result>(
  isLookup: boolean,
  task: () => Promise<Result>,
  canRetry = () => true,
): Promise<Result> => {
  try {
    return await task()
  } catch (error) {
    const cause = error instanceof Unavailable ? error.cause : undefined
    if (cause === undefined || isTimeout(cause) || !canRetry()) throw error
    // 57P01: the server closed the connection before the statement, or rolled it back.
    if (isLookup || (cause as { code?: string }).code === '57P01') return task()
    throw error
  }
}

/** Runs a statement, or, when it is refused, one for each key; `onSingle` is called before the first of these. */
export const execute = async (
  sql: Sql,
  statement: Statement,
  keys: readonly object[],
  onSingle = () => {},
): Promise<Outcome[]> => {
  try {
    const { text, parameters } = buildSql(statement, keys)
    const rows = await sql.unsafe<(Row | undefined)[]>(text, parameters, { prepare: true })
    const indexOf = indexer(statement, keys)
    const outcomes: Outcome[] = keys.map(() => ({}))
    // postgres.js leaves a hole for each row that a failed statement had sent before.
    for (const row of rows) if (row) outcomes[indexOf(row)] = { answer: row.answer ?? undefined }
    // postgres.js keeps the rows alive through two functions of each query, which V8 moves to its old space.
    rows.length = 0
    return outcomes
  } catch (error) {
    if (isConnectionError(error) || isTimeout(error)) throw error
    if (keys.length === 1) return [{ error }]
    // One bad key fails the whole statement: each is sent alone, so that only that one fails.
    onSingle()
    const outcomes: Outcome[] = []
    for (const key of keys) outcomes.push(...(await execute(sql, statement, [key])))
    return outcomes
  }
}

type Row = { readonly key?: unknown; readonly n?: unknown; readonly answer: string | null }

/** The index of the key that a row answers. */
const indexer = (statement: Statement, keys: readonly object[]): ((row: Row) => number) => {
  if (!('key' in statement)) return ({ n }) => Number(n) - 1
  const indexes = new Map(keys.map((key, index) => [keyOf(statement, key), index]))
  return ({ key }) => indexes.get(String(key)) ?? -1
}

/** The answer of an outcome; throws its error. */
export const unwrap = (outcome: Outcome | undefined): string | undefined => {
  if (outcome && 'error' in outcome) throw outcome.error
  return outcome?.answer
}
