import { Unavailable } from '../../handlers/database.ts'
import type { Sql } from '../client.ts'
import { fairQueue, type Turn } from './fairQueue.ts'
import { isConnectionError, isTimeout, withDeadline } from './deadline.ts'

/** Connections, each used by one task at a time. */
export type Pool = {
  /**
   * Runs a task on a connection that it has to itself. Rejects with `Unavailable` when it waits or takes too long.
   * Waiting groups take turns: many tasks of one do not delay the others. Without groups, every other turn goes to the
   * task of the largest size: many small ones do not delay those that most wait for.
   */
  readonly use: <Result>(task: (sql: Sql) => Promise<Result>, turn?: Turn) => Promise<Result>
  /** Closes the connections when all tasks are done. */
  readonly end: () => Promise<void>
}

/** The connections of a pool, those in use, the tasks that wait, and those that were rejected so far. */
export type PoolLoad = {
  readonly size: number
  readonly used: number
  readonly waiting: number
  readonly refused: number
}

export type PoolOptions = {
  readonly size: number
  /** The most tasks that may wait; those beyond are rejected at once. */
  readonly queue: number
  readonly acquireTimeoutMs: number
  readonly queryTimeoutMs: number
}

type Connection = { sql: Sql; isFree: boolean }
type QueuedTask = {
  readonly since: number
  readonly turn: Turn
  readonly start: (sql: Sql) => Promise<void>
  readonly refuse: () => void
}

/**
 * A pool of clients with one connection each. A client whose connection fails or does not answer is replaced:
 * postgres.js does not recover from all failures.
 */
export const createPool = (
  open: (onclose: () => void) => Sql,
  options: PoolOptions,
): Pool & { readonly load: () => PoolLoad } => {
  const waiting: QueuedTask[] = []
  const takeNext = fairQueue(waiting)
  let draining: NodeJS.Immediate | undefined
  let expiring: NodeJS.Timeout | undefined
  let hasEnded = false
  let refused = 0
  let whenIdle: (() => void) | undefined

  const replace = (connection: Connection): void => {
    // Never settles for some broken clients, and nothing waits for it.
    connection.sql.end({ timeout: 0 }).catch(() => {})
    connection.sql = openFor(connection)
  }
  // A client that lost its connection while idle fails the next task with the error of the last.
  const openFor = (connection: Connection): Sql =>
    open(function onclose() {
      if (connection.isFree && !hasEnded) replace(connection)
    })
  const connections = Array.from({ length: options.size }, () => {
    const connection = { isFree: true } as Connection
    connection.sql = openFor(connection)
    return connection
  })

  // In the next turn of the event loop, so that a batch holds all that is asked in this one.
  const drain = (): void => {
    draining ??= setImmediate(() => {
      draining = undefined
      for (const connection of connections) {
        if (!connection.isFree) continue
        const task = takeNext()
        if (!task) break
        void acquire(connection, task)
      }
    })
  }

  const acquire = async (connection: Connection, task: QueuedTask): Promise<void> => {
    connection.isFree = false
    await task.start(connection.sql).catch(() => replace(connection))
    connection.isFree = true
    // With more tasks waiting the next batch is full enough, and a busy event loop takes long to its next turn.
    const next = waiting.length > 1 ? takeNext() : undefined
    if (next) void acquire(connection, next)
    else if (waiting.length > 0) drain()
    else if (connections.every(({ isFree }) => isFree)) whenIdle?.()
  }

  const expire = (): void => {
    const now = performance.now()
    while (waiting[0] && now - waiting[0].since >= options.acquireTimeoutMs) waiting.shift()?.refuse()
    expiring = waiting[0] && setTimeout(expire, waiting[0].since + options.acquireTimeoutMs - now)
  }

  return {
    use: (task, turn = {}) =>
      new Promise((resolve, reject) => {
        const refuse = () => {
          refused += 1
          reject(new Unavailable('The database is busy.'))
        }
        if (hasEnded || waiting.length >= options.queue) return refuse()
        const start = async (sql: Sql): Promise<void> => {
          try {
            resolve(await withDeadline(options.queryTimeoutMs, task(sql)))
          } catch (error) {
            const hasConnectionFailed = isConnectionError(error)
            if (!hasConnectionFailed && !isTimeout(error)) return reject(error)
            reject(new Unavailable('The database does not answer.', { cause: error }))
            if (hasConnectionFailed) throw error
          }
        }
        waiting.push({ since: performance.now(), turn, start, refuse })
        expiring ??= setTimeout(expire, options.acquireTimeoutMs)
        drain()
      }),
    load: () => ({
      size: options.size,
      used: connections.filter(({ isFree }) => !isFree).length,
      waiting: waiting.length,
      refused,
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
