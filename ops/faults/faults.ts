import type { LinkFault } from './proxy.ts'
import type { Shop } from './shop.ts'

/** Ends a fault. */
type End = () => Promise<unknown> | unknown

/** A fault, and what clients may get while it lasts. Whatever it is, no acknowledged write is lost, and none is double. */
export type Fault = {
  readonly name: string
  /** Begins it; undefined where this machine cannot. */
  readonly begin: (shop: Shop) => Promise<End | undefined> | End | undefined
  /** The statuses of reads and of writes; those with a key are the writes' own. */
  readonly reads: readonly number[]
  readonly writes: readonly number[]
  /** The longest that an answer takes. */
  readonly withinMs: number
  /** The longest until all requests are answered as before, from the end of the fault; a second by default. */
  readonly recoversMs?: number
}

const done = [200, 201]
const busy = [200, 201, 503]
// A write that was sent to a node which did not answer.
const unknown = [200, 201, 502]

const onDatabase =
  (fault: LinkFault): Fault['begin'] =>
  ({ links: { database } }) => {
    database.set(fault)
    return () => database.set({})
  }
/** On the link to the first node: the second stays. */
const onNode =
  (fault: LinkFault): Fault['begin'] =>
  ({ links: { nodes } }) => {
    nodes[0]!.set(fault)
    return () => nodes[0]!.set({})
  }
const repeatedly =
  (everyMs: number, act: (shop: Shop) => unknown): Fault['begin'] =>
  (shop) => {
    const timer = setInterval(() => void act(shop), everyMs)
    return () => clearInterval(timer)
  }
const killBackends = ({ withSql }: Shop) =>
  withSql((sql) => sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop'`)
const run = ({ withSql }: Shop, ...statements: readonly string[]) =>
  withSql(async (sql) => {
    for (const statement of statements) await sql.unsafe(statement)
  })
/** Holds a lock until the end, in a transaction. */
const lock = async ({ withSql }: Shop, statement: string): Promise<End> => {
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

/** All faults, between node and database, between balancer and node, and of each of them. */
export const faults: readonly Fault[] = [
  {
    name: 'the database is far away',
    begin: onDatabase({ latencyMs: 100 }),
    reads: done,
    writes: done,
    withinMs: 2000,
  },
  {
    name: 'the link to the database is slow',
    begin: onDatabase({ bytesPerSecond: 20_000 }),
    reads: busy,
    writes: busy,
    withinMs: 6000,
  },
  {
    name: 'connections to the database are cut',
    begin: repeatedly(150, ({ links }) => links.database.cut()),
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'connections to the database are reset',
    begin: repeatedly(150, ({ links }) => links.database.cut('reset')),
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'the database refuses connections',
    begin: (shop) => {
      const end = onDatabase({ isRefusing: true })(shop)
      shop.links.database.cut()
      return end
    },
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'the link to the database takes all and delivers nothing',
    begin: onDatabase({ isSilent: true }),
    reads: busy,
    writes: busy,
    withinMs: 6000,
    // A connection that does not answer is replaced when its statement's time is over.
    recoversMs: 3000,
  },
  {
    name: 'answers of the database are lost',
    begin: onDatabase({ losesAnswers: true }),
    reads: busy,
    writes: busy,
    withinMs: 6000,
    // A connection that does not answer is replaced when its statement's time is over.
    recoversMs: 3000,
  },
  {
    name: 'backends of the database are killed',
    begin: repeatedly(150, killBackends),
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'the database restarts',
    begin: async (shop) => {
      await shop.stopServer('SIGINT')
      return shop.startServer
    },
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'the database crashes',
    begin: async (shop) => {
      await shop.stopServer('SIGQUIT')
      return shop.startServer
    },
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'the database has no connection slot',
    begin: async (shop) => {
      await run(shop, 'alter role shop connection limit 0')
      await killBackends(shop)
      return () => run(shop, 'alter role shop connection limit -1')
    },
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'the database is read-only',
    begin: async (shop) => {
      const reload = 'select pg_reload_conf()'
      await run(shop, 'alter system set default_transaction_read_only = on', reload)
      return () => run(shop, 'alter system reset default_transaction_read_only', reload)
    },
    reads: busy,
    writes: busy,
    withinMs: 3000,
  },
  {
    name: 'a table is locked',
    begin: (shop) => lock(shop, 'lock table questions in access exclusive mode'),
    reads: busy,
    writes: busy,
    withinMs: 4000,
  },
  {
    name: 'the disk of the database is full',
    begin: async ({ disk }) => {
      await disk?.fill()
      return disk?.empty
    },
    reads: done,
    writes: busy,
    withinMs: 3000,
  },
  { name: 'a node is far away', begin: onNode({ latencyMs: 100 }), reads: done, writes: done, withinMs: 2000 },
  {
    name: 'the link to a node is slow',
    begin: onNode({ bytesPerSecond: 20_000 }),
    reads: done,
    writes: unknown,
    withinMs: 8000,
  },
  {
    name: 'connections to a node are cut',
    begin: repeatedly(150, ({ links }) => links.nodes[0]!.cut()),
    reads: done,
    writes: unknown,
    withinMs: 3000,
  },
  {
    name: 'connections to a node are reset',
    begin: repeatedly(150, ({ links }) => links.nodes[0]!.cut('reset')),
    reads: done,
    writes: unknown,
    withinMs: 3000,
  },
  {
    name: 'a node refuses connections',
    begin: onNode({ isRefusing: true }),
    reads: done,
    writes: unknown,
    withinMs: 3000,
  },
  {
    name: 'the link to a node takes all and delivers nothing',
    begin: onNode({ isSilent: true }),
    reads: done,
    writes: unknown,
    withinMs: 9000,
  },
  {
    name: 'answers of a node are lost',
    begin: onNode({ losesAnswers: true }),
    reads: done,
    writes: unknown,
    withinMs: 9000,
  },
  {
    name: 'the event loop of a node stalls',
    begin: ({ nodes }) => {
      nodes[0]!.kill('SIGSTOP')
      return () => nodes[0]!.kill('SIGCONT')
    },
    reads: done,
    writes: done,
    withinMs: 5000,
  },
  {
    name: 'the clock of a node jumps',
    begin: repeatedly(200, ({ nodes }) => nodes[0]!.kill('SIGUSR2')),
    reads: done,
    writes: done,
    withinMs: 2000,
  },
]
