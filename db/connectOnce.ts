import { batch } from './batch.ts'
import { type Database, onePool } from './connect.ts'
import { withDeadline } from './pool/deadline.ts'
import { isReachable, openPool } from './pool/openPool.ts'

/**
 * Connects to a database with one connection, for a process that answers one request at a time and is stopped between
 * them, as that of a Lambda. A connection that was not used for a second is checked before its next statement, and
 * replaced if it has closed: a write that fails on it cannot be sent again.
 */
export const connectOnce = (url: string): Omit<Database, 'load' | 'replicas'> => {
  const pool = openPool(url, 1, 2500)
  let usedAt = Date.now()
  const use: typeof pool.use = async (task, group) => {
    const isIdle = Date.now() - usedAt > 1000
    usedAt = Date.now()
    // The pool replaces a connection that fails.
    if (isIdle) await pool.use((sql) => withDeadline(500, sql`select 1`)).catch(() => {})
    return pool.use(task, group)
  }
  return { db: batch(onePool({ ...pool, use })), ready: () => isReachable({ use }), end: pool.end }
}
