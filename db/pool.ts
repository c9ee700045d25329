import { Unavailable } from '../handlers/database.ts'
import type { Sql } from './client.ts'
import { isConnectionError, isMissedDeadline, within } from './deadline.ts'

/** Connections, each used by one task at a time. */
export type Pool = {
  /**
   * Runs a task on a connection of its own, in turn. Rejects with `Unavailable` when that cannot be in time. Of tasks with
   * groups, that of the group which had its turn the longest ago is next: many of one group keep no other waiting.
   */
  readonly use: <Result>(task: (sql: Sql) => Promise<Result>, group?: string) => Promise<Result>
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
type Waiting = {
  readonly since: number
  readonly group: string | undefined
  readonly start: (sql: Sql) => Promise<void>
  readonly refuse: () => void
}

/**
 * A client whose connection fails, or whose task misses its deadline, is thrown away and replaced: postgres.js does not
 * recover from all that can happen to one, and nobody waits behind the statement of another.
 */
export const createPool = (open: (onclose: () => void) => Sql, limits: Limits): Pool => {
  const waiting: Waiting[] = []
  const takeNext = fairly(waiting)
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
        const task = takeNext()
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
    const next = waiting.length > 1 ? takeNext() : undefined
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
    use: (task, group) =>
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
        waiting.push({ since: performance.now(), group, start, refuse })
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

/** Takes tasks out of a queue: the oldest of the group that had its turn the longest ago. */
const fairly = (waiting: Waiting[]): (() => Waiting | undefined) => {
  const turns = new Map<string, number>()
  let turn = 0
  const turnOf = ({ group }: Waiting) => (group === undefined ? 0 : (turns.get(group) ?? 0))

  return () => {
    if (waiting[0]?.group === undefined) return waiting.shift()
    const next = waiting.reduce((best, task) => (turnOf(task) < turnOf(best) ? task : best))
    waiting.splice(waiting.indexOf(next), 1)
    if (waiting.length === 0 || turns.size > mostGroups) turns.clear()
    if (next.group !== undefined) turns.set(next.group, (turn += 1))
    return next
  }
}

const mostGroups = 1000
