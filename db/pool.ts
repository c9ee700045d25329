import postgres from 'postgres'
import { Unavailable } from '../handlers/database.ts'
import type { Sql } from './client.ts'

/** Connections, each used by one task at a time. */
export type Pool = {
  /** Runs a task on a connection of its own, in turn. Rejects with `Unavailable` when that cannot be in time. */
  readonly use: <Result>(task: (sql: Sql) => Promise<Result>) => Promise<Result>
  /** Ends the connections when what was asked is answered. */
  readonly end: () => Promise<void>
}

/** How many connections; how many tasks may wait for one, and how long; how long a task may take. */
export type Limits = {
  readonly size: number
  readonly queue: number
  readonly acquireTimeoutMs: number
  readonly queryTimeoutMs: number
}

type Connection = { sql: Sql; isFree: boolean }
type Waiting = { readonly since: number; readonly start: (sql: Sql) => Promise<void>; readonly refuse: () => void }

/**
 * A client whose connection fails, or whose task misses its deadline, is thrown away and replaced: postgres.js does not
 * recover from all that can happen to one, and nobody waits behind the statement of another.
 */
export const createPool = (open: (onclose: () => void) => Sql, limits: Limits): Pool => {
  const waiting: Waiting[] = []
  let draining: NodeJS.Immediate | undefined
  let expiring: NodeJS.Timeout | undefined
  let hasEnded = false
  let whenIdle: (() => void) | undefined

  const replace = (connection: Connection): void => {
    // Never settles on some broken clients, and there is nobody left who would wait.
    connection.sql.end({ timeout: 0 }).catch(() => {})
    connection.sql = opened(connection)
  }
  // A client that lost its connection while idle would fail the next task with the error of the last.
  const opened = (connection: Connection): Sql =>
    open(function onclose() {
      if (connection.isFree && !hasEnded) replace(connection)
    })
  const connections = Array.from({ length: limits.size }, () => {
    const connection = { isFree: true } as Connection
    connection.sql = opened(connection)
    return connection
  })

  // In the next turn of the loop, so that all that is asked in this one is there when a task starts.
  const drain = (): void => {
    draining ??= setImmediate(() => {
      draining = undefined
      for (const connection of connections) {
        if (!connection.isFree) continue
        const task = waiting.shift()
        if (!task) break
        void acquire(connection, task)
      }
    })
  }

  const acquire = async (connection: Connection, task: Waiting): Promise<void> => {
    connection.isFree = false
    await task.start(connection.sql).catch(() => replace(connection))
    connection.isFree = true
    // Those that wait behind others are complete, and a busy loop is long in coming to its next turn.
    const next = waiting.length > 1 ? waiting.shift() : undefined
    if (next) void acquire(connection, next)
    else if (waiting.length > 0) drain()
    else if (connections.every(({ isFree }) => isFree)) whenIdle?.()
  }

  const expire = (): void => {
    const now = performance.now()
    while (waiting[0] && now - waiting[0].since >= limits.acquireTimeoutMs) waiting.shift()?.refuse()
    expiring = waiting[0] && setTimeout(expire, waiting[0].since + limits.acquireTimeoutMs - now)
  }

  return {
    use: (task) =>
      new Promise((resolve, reject) => {
        const refuse = () => reject(new Unavailable('The database is busy.'))
        if (hasEnded || waiting.length >= limits.queue) return refuse()
        const start = async (sql: Sql): Promise<void> => {
          try {
            resolve(await within(limits.queryTimeoutMs, task(sql)))
          } catch (error) {
            const isOfConnection = isConnectionError(error)
            if (!isOfConnection && !isMissedDeadline(error)) return reject(error)
            reject(new Unavailable('The database does not answer.', { cause: error }))
            if (isOfConnection) throw error
          }
        }
        waiting.push({ since: performance.now(), start, refuse })
        expiring ??= setTimeout(expire, limits.acquireTimeoutMs)
        drain()
      }),
    end: async () => {
      hasEnded = true
      if (waiting.length > 0 || connections.some(({ isFree }) => !isFree))
        await new Promise<void>((resolve) => (whenIdle = resolve))
      clearTimeout(expiring)
      await Promise.all(connections.map(({ sql }) => sql.end({ timeout: 1 })))
    },
  }
}

class DeadlineMissed extends Error {}

const within = async <Result>(limitMs: number, result: Promise<Result>): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    const miss = () => reject(new DeadlineMissed(`No answer within ${limitMs} ms`))
    // Behind what has arrived: a busy loop comes to its timers before it reads.
    timer = setTimeout(() => setImmediate(miss), limitMs)
  })
  try {
    return await Promise.race([result, deadline])
  } finally {
    clearTimeout(timer)
  }
}

const codeOf = (error: unknown): string => (error instanceof postgres.PostgresError ? error.code : '')

/** Whether a task took too long, for the server (57014) or for who waits for it. It would take as long again. */
export const isMissedDeadline = (error: unknown): boolean =>
  error instanceof DeadlineMissed || codeOf(error) === '57014'

/** Whether a server said nothing at all within a deadline, not even that its own had passed. */
export const isSilence = (error: unknown): boolean => error instanceof DeadlineMissed

/**
 * Whether what went wrong is the connection, or a server that is going or coming, refuses the login, or only reads by
 * now, and not the statement.
 */
export const isConnectionError = (error: unknown): boolean =>
  error instanceof postgres.PostgresError
    ? /^(08|28|53|57P|3D000|55000|25006)/.test(error.code)
    : error instanceof DeadlineMissed || Boolean((error as { code?: string }).code)
