import { type Begin, killBackends, lock, onDatabase, onNode, repeatedly, run } from './acts.ts'
import type { Shop } from './shop.ts'

/** A fault, and what clients get while it lasts. No acknowledged write is lost, and none is there twice. */
export type Fault = Answers & {
  readonly name: string
  readonly begin: Begin
  /** The longest that an answer takes. */
  readonly withinMs: number
  /** The longest until all requests are answered as before, from the end of the fault; a second by default. */
  readonly recoversMs?: number
  /** True where this machine can do it; everywhere by default. */
  readonly isPossible?: (shop: Shop) => boolean
}
/** The statuses that reads, writes, and writes with an `Idempotency-Key` may have. */
type Answers = Readonly<Record<'reads' | 'writes' | 'keyed', readonly number[]>>

const all = { reads: [200], writes: [201], keyed: [201] }
const readsOnly = { reads: [200], writes: [201, 503], keyed: [201, 503] }
const retryLater = { reads: [200, 503], writes: [201, 503], keyed: [201, 503] }
// A write that was sent to a node which did not answer may have been carried out.
const outcomeUnknown = { reads: [200], writes: [201, 502], keyed: [201] }

/** All faults, between node and database, between balancer and node, and of each of them. */
export const faults: readonly Fault[] = [
  {
    name: 'the database is far away',
    begin: onDatabase({ latencyMs: 100 }),
    ...all,
    withinMs: 3000,
  },
  {
    name: 'the link to the database is slow',
    begin: onDatabase({ bytesPerSecond: 20_000 }),
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'connections to the database are cut',
    begin: repeatedly(150, ({ links }) => links.database.cut()),
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'connections to the database are reset',
    begin: repeatedly(150, ({ links }) => links.database.cut('reset')),
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the database refuses connections',
    begin: (shop) => {
      const end = onDatabase({ isRefusing: true })(shop)
      shop.links.database.cut()
      return end
    },
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the link to the database takes all and delivers nothing',
    begin: onDatabase({ isSilent: true }),
    ...retryLater,
    withinMs: 3000,
    // A connection that does not answer is replaced when its statement's time is over.
    recoversMs: 3000,
  },
  {
    name: 'answers of the database are lost',
    begin: onDatabase({ losesAnswers: true }),
    ...retryLater,
    withinMs: 3000,
    // A connection that does not answer is replaced when its statement's time is over.
    recoversMs: 3000,
  },
  {
    name: 'backends of the database are killed',
    begin: repeatedly(150, killBackends),
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the database restarts',
    begin: async (shop) => {
      await shop.stopServer('SIGINT')
      return shop.startServer
    },
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the database crashes',
    begin: async (shop) => {
      await shop.stopServer('SIGQUIT')
      return shop.startServer
    },
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the database has no connection slot',
    begin: async (shop) => {
      await run(shop, 'alter role shop connection limit 0')
      await killBackends(shop)
      return () => run(shop, 'alter role shop connection limit -1')
    },
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the database is read-only',
    begin: async (shop) => {
      const reload = 'select pg_reload_conf()'
      await run(shop, 'alter system set default_transaction_read_only = on', reload)
      return () => run(shop, 'alter system reset default_transaction_read_only', reload)
    },
    ...readsOnly,
    withinMs: 3000,
  },
  {
    name: 'a table is locked',
    begin: (shop) => lock(shop, 'lock table questions in access exclusive mode'),
    ...retryLater,
    withinMs: 3000,
  },
  {
    name: 'the disk of the database is full',
    begin: async ({ disk }) => {
      await disk?.fill()
      return () => disk?.empty()
    },
    isPossible: ({ disk }) => disk !== undefined,
    ...readsOnly,
    withinMs: 3000,
  },
  { name: 'a node is far away', begin: onNode({ latencyMs: 100 }), ...all, withinMs: 3000 },
  {
    name: 'the link to a node is slow',
    begin: onNode({ bytesPerSecond: 20_000 }),
    ...outcomeUnknown,
    withinMs: 9000,
  },
  {
    name: 'connections to a node are cut',
    begin: repeatedly(150, ({ links }) => links.nodes[0]!.cut()),
    ...outcomeUnknown,
    withinMs: 3000,
  },
  {
    name: 'connections to a node are reset',
    begin: repeatedly(150, ({ links }) => links.nodes[0]!.cut('reset')),
    ...outcomeUnknown,
    withinMs: 3000,
  },
  {
    name: 'a node refuses connections',
    begin: onNode({ isRefusing: true }),
    ...outcomeUnknown,
    withinMs: 3000,
  },
  {
    name: 'the link to a node takes all and delivers nothing',
    begin: onNode({ isSilent: true }),
    ...outcomeUnknown,
    withinMs: 9000,
  },
  {
    name: 'answers of a node are lost',
    begin: onNode({ losesAnswers: true }),
    ...outcomeUnknown,
    withinMs: 9000,
  },
  {
    name: 'the event loop of a node stalls',
    begin: ({ nodes }) => {
      nodes[0]!.kill('SIGSTOP')
      return () => nodes[0]!.kill('SIGCONT')
    },
    ...all,
    withinMs: 3000,
  },
  {
    name: 'the clock of a node jumps',
    begin: repeatedly(200, ({ nodes }) => nodes[0]!.kill('SIGUSR2')),
    ...all,
    withinMs: 3000,
  },
]
