import type { LinkFault } from './proxy.ts'
import type { Shop } from './shop.ts'

/** Ends a fault. */
export type End = () => unknown

/** Begins a fault; resolves when it acts. */
export type Begin = (shop: Shop) => Promise<End> | End

/** Does it to the link to the database. */
export const onDatabase =
  (fault: LinkFault): Begin =>
  ({ links: { database } }) => {
    database.set(fault)
    return () => database.set({})
  }
/** Does it to the link to the first node; the second stays. */
export const onNode =
  (fault: LinkFault): Begin =>
  ({ links: { nodes } }) => {
    nodes[0]!.set(fault)
    return () => nodes[0]!.set({})
  }
/** Acts again and again until the end. */
export const repeatedly =
  (everyMs: number, act: (shop: Shop) => unknown): Begin =>
  (shop) => {
    const timer = setInterval(() => void act(shop), everyMs)
    return () => clearInterval(timer)
  }
/** Ends the connections of nodes at the server. */
export const killBackends = ({ withSql }: Shop) =>
  withSql((sql) => sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop'`)
/** Runs statements, one after another. */
export const run = ({ withSql }: Shop, ...statements: readonly string[]) =>
  withSql(async (sql) => {
    for (const statement of statements) await sql.unsafe(statement)
  })
/** Holds a lock until the end, in a transaction. */
export const lock = async ({ withSql }: Shop, statement: string): Promise<End> => {
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let done: Promise<unknown> = released
  await new Promise<void>((locked) => {
    done = withSql((sql) =>
      sql.begin(async (transaction) => {
        await transaction.unsafe(statement)
        locked()
        await released
      }),
    )
  })
  return () => {
    release()
    return done
  }
}

/** Stops the server with a signal until the end. */
export const restart =
  (signal: 'SIGINT' | 'SIGQUIT'): Begin =>
  async (shop) => {
    await shop.stopServer(signal)
    return shop.startServer
  }
