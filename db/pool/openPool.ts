import { client } from '../client.ts'
import { createPool } from './pool.ts'
import { withSettingsChecked } from './settings.ts'

/** A pool of connections to a server; `onClose` is called for each that closes. */
export const openPool = (url: string, size: number, queryTimeoutMs: number, onClose = () => {}): CountedPool => {
  // The server's limit is reached first: it stops working on the statement, and the connection can be kept.
  const settings = { ...planning, statement_timeout: Math.ceil(queryTimeoutMs * 0.9) }
  const open = (onclose: () => void) => {
    const closed = () => {
      onClose()
      onclose()
    }
    return client(url, { max: 1, onclose: closed, connect_timeout: 2, connection: settings })
  }
  const check = withSettingsChecked(url, settings)
  // Larger than the most requests that a process accepts (router/admission.ts).
  const pool = createPool(open, { size, queryTimeoutMs, queue: 2048, acquireTimeoutMs: 600 })
  return { ...pool, use: (task, group) => pool.use((sql) => check(sql, task), group) }
}
type CountedPool = ReturnType<typeof createPool>

/** True if a server answers. */
export const isReachable = ({ use }: Pick<CountedPool, 'use'>): Promise<boolean> =>
  use((sql) => sql`select 1`).then(
    () => true,
    () => false,
  )

/** Statements are planned once, by index, whatever the statistics say of a table that was just filled. */
export const planning = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
}
