import type { Db } from '../handlers/database.ts'
import { batch, type Pools } from './batch.ts'
import { client, type Sql } from './client.ts'
import { type Ask, askCluster, askWritten } from './replicas/walPosition.ts'
import { createPool, type Pool } from './pool.ts'
import { followReplica } from './replicas/followReplica.ts'
import { readFrom, type Replicas } from './replicas/routeReads.ts'

/** The database behind one client, as a test wants it. */
export const database = (sql: Sql): Db => {
  // In a turn of its own, as with a pool: a batch is there before its task starts.
  const use: Pool['use'] = async (task) => Promise.resolve().then(() => task(sql))
  return batch(only({ use, end: () => sql.end({ timeout: 5 }) }))
}

const only = (pool: Pool): Pools => ({ reads: pool, heavy: pool, writes: pool, counts: pool })

/** A database for many requests at once; `replicas` are there if any were named. */
export type Connected = {
  readonly db: Db
  readonly replicas: Replicas | undefined
  readonly ready: () => Promise<boolean>
  readonly end: () => Promise<void>
}

/** Connects to a database, with a few connections for each kind of statement, and to streaming replicas that read for it. */
export const connect = (url: string, { readUrls = [] }: { readonly readUrls?: readonly string[] } = {}): Connected => {
  const pools: Pool[] = []
  const open: OpenPool = (...given) => {
    const pool = openPool(...given)
    pools.push(pool)
    return pool
  }
  const reads = open(url, 3, 2000)
  const primary = batch({
    reads,
    // One, as it takes a core of the server while it works. With a small lookup before it, within what a proxy waits.
    heavy: open(url, 1, 2500),
    // Many, as each waits for the disk at its end, and those that wait together wait once.
    writes: open(url, 8, 2000),
    // Few, as more is batched while these are under way.
    counts: open(url, 2, 2000),
  })
  const ending = new AbortController()
  const replicas = readUrls.length > 0 ? follow(readUrls, primary, url, open, ending.signal) : undefined
  const isReachable = () => reads.use((sql) => sql`select 1`)
  return {
    db: replicas?.db ?? primary,
    replicas,
    ready: () =>
      isReachable().then(
        () => true,
        () => false,
      ),
    end: async () => {
      ending.abort()
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

type OpenPool = (url: string, size: number, queryTimeoutMs: number, lost?: () => void) => Pool

/** Connections to a server; `lost` hears of each that closes. */
const openPool: OpenPool = (url, size, queryTimeoutMs, lost = () => {}) => {
  const open = (onclose: () => void) => {
    const closed = () => {
      lost()
      onclose()
    }
    // The server ends first what takes too long: it goes on with nothing that nobody waits for, and the connection is kept.
    const statement_timeout = Math.ceil(queryTimeoutMs * 0.9)
    return client(url, {
      max: 1,
      onclose: closed,
      connect_timeout: 2,
      connection: { ...planning, statement_timeout },
    })
  }
  // More than a server takes of requests at once: it refuses those beyond before anything is done for them.
  return createPool(open, { size, queryTimeoutMs, queue: 2048, acquireTimeoutMs: 600 })
}

const follow = (urls: readonly string[], primary: Db, url: string, open: OpenPool, signal: AbortSignal): Replicas => {
  const own = open(url, 1, probeMs)
  const cluster = once(askCluster(own))
  const replicas = urls.map((at) => {
    // Less patient than with the primary, which is asked when these say nothing.
    const db = batch({ ...only(open(at, 3, 500)), heavy: open(at, 1, 1500) })
    const probe = (lost: () => void) => open(at, 1, probeMs, lost)
    return followReplica({ name: placeOf(at), db, probe, cluster }, signal)
  })
  return readFrom(replicas, primary, askWritten(own), signal)
}

/** How long a server may take to say where it is in the log. */
const probeMs = 500

/** Asks until there is an answer, which is kept. */
const once = (ask: Ask): Ask => {
  let answer: ReturnType<Ask> | undefined
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    }))
}

/** Where a server is, without who connects to it and how. */
const placeOf = (url: string): string => {
  const { host, searchParams } = new URL(url)
  return searchParams.get('host') ?? host
}

/** How statements of handlers are planned: once, and by their keys, whatever the statistics say of a table that was just filled. */
export const planning = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
}
