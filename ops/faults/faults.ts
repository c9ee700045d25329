import { type Begin, killBackends, lock, onDatabase, onNode, repeatedly, restart, run } from './acts.ts'
import type { Shop } from './shop.ts'

/** Faults of one kind, and what clients get while one lasts. No acknowledged write is lost, and none is there twice. */
export type Kind = {
  readonly name: string
  /** The statuses that reads may have, then writes, and writes with an `Idempotency-Key`. */
  readonly reads: readonly number[]
  readonly writes: readonly number[]
  readonly keyed: readonly number[]
  /** The longest that an answer takes. */
  readonly withinMs: number
  /** The longest until all requests are answered as before, from the end of the fault. */
  readonly recoversMs: number
  readonly faults: readonly Act[]
}
type Act = {
  readonly name: string
  readonly begin: Begin
  /** True where this machine can do it; everywhere by default. */
  readonly isPossible?: (shop: Shop) => boolean
}
export type Fault = Act & Omit<Kind, 'faults'>

const answered = { reads: [200], writes: [201], keyed: [201] }
const retryLater = { reads: [200, 503], writes: [201, 503], keyed: [201, 503] }
const readOnly = { reads: [200], writes: [201, 503], keyed: [201, 503] }
// A write that was sent to a node which did not answer may have been carried out.
const outcomeUnknown = { reads: [200], writes: [201, 502], keyed: [201] }
const soon = { withinMs: 3000, recoversMs: 1000 }

/** All faults: between node and database, between balancer and node, and of each of them. */
export const kinds: readonly Kind[] = [
  {
    name: 'late',
    ...answered,
    ...soon,
    faults: [
      { name: 'the database is far away', begin: onDatabase({ latencyMs: 100 }) },
      { name: 'a node is far away', begin: onNode({ latencyMs: 100 }) },
      {
        name: 'the event loop of a node stalls',
        begin: ({ nodes }) => {
          nodes[0]!.kill('SIGSTOP')
          return () => nodes[0]!.kill('SIGCONT')
        },
      },
      { name: 'the clock of a node jumps', begin: repeatedly(200, ({ nodes }) => nodes[0]!.kill('SIGUSR2')) },
    ],
  },
  {
    name: 'database down',
    ...retryLater,
    ...soon,
    faults: [
      { name: 'the link to the database is slow', begin: onDatabase({ bytesPerSecond: 20_000 }) },
      {
        name: 'connections to the database are cut',
        begin: repeatedly(150, ({ links }) => links.database.cut()),
      },
      {
        name: 'connections to the database are reset',
        begin: repeatedly(150, ({ links }) => links.database.cut('reset')),
      },
      {
        name: 'the database refuses connections',
        begin: (shop) => {
          const end = onDatabase({ isRefusing: true })(shop)
          shop.links.database.cut()
          return end
        },
      },
      { name: 'backends of the database are killed', begin: repeatedly(150, killBackends) },
      { name: 'the database restarts', begin: restart('SIGINT') },
      { name: 'the database crashes', begin: restart('SIGQUIT') },
      {
        name: 'the database has no connection slot',
        begin: async (shop) => {
          await run(shop, 'alter role shop connection limit 0')
          await killBackends(shop)
          return () => run(shop, 'alter role shop connection limit -1')
        },
      },
      { name: 'a table is locked', begin: (shop) => lock(shop, 'lock table questions in access exclusive mode') },
    ],
  },
  {
    name: 'database silent',
    ...retryLater,
    withinMs: 3000,
    // A connection that does not answer is replaced when its statement's time is over.
    recoversMs: 3000,
    faults: [
      { name: 'the link to the database takes all and delivers nothing', begin: onDatabase({ isSilent: true }) },
      { name: 'answers of the database are lost', begin: onDatabase({ losesAnswers: true }) },
    ],
  },
  {
    name: 'no writes',
    ...readOnly,
    ...soon,
    faults: [
      {
        name: 'the database is read-only',
        begin: async (shop) => {
          const reload = 'select pg_reload_conf()'
          await run(shop, 'alter system set default_transaction_read_only = on', reload)
          return () => run(shop, 'alter system reset default_transaction_read_only', reload)
        },
      },
      {
        name: 'the disk of the database is full',
        begin: async ({ disk }) => {
          await disk?.fill()
          return () => disk?.empty()
        },
        isPossible: ({ disk }) => disk !== undefined,
      },
    ],
  },
  {
    name: 'node silent',
    ...outcomeUnknown,
    withinMs: 9000,
    recoversMs: 1000,
    faults: [
      { name: 'the link to a node is slow', begin: onNode({ bytesPerSecond: 20_000 }) },
      { name: 'the link to a node takes all and delivers nothing', begin: onNode({ isSilent: true }) },
      { name: 'answers of a node are lost', begin: onNode({ losesAnswers: true }) },
    ],
  },
  {
    name: 'node down',
    ...outcomeUnknown,
    ...soon,
    faults: [
      { name: 'connections to a node are cut', begin: repeatedly(150, ({ links }) => links.nodes[0]!.cut()) },
      { name: 'connections to a node are reset', begin: repeatedly(150, ({ links }) => links.nodes[0]!.cut('reset')) },
      { name: 'a node refuses connections', begin: onNode({ isRefusing: true }) },
    ],
  },
]

export const faults: readonly Fault[] = kinds.flatMap(({ faults: acts, ...kind }) =>
  acts.map((act) => ({ ...kind, ...act })),
)
