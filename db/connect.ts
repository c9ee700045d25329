import type { Db } from '../handlers/database.ts'
import { batch, type OnStatement, type Pools } from './batch.ts'
import type { Sql } from './client.ts'
import { isReachable, openPool } from './pool/openPool.ts'
import { type ServerQuery, queryIdentity, queryFlushedPosition } from './replicas/walPosition.ts'
import type { Pool, PoolLoad } from './pool/pool.ts'
import { followReplica } from './replicas/followReplica.ts'
import { type ReplicaLag, routeReads, type Replicas } from './replicas/routeReads.ts'

/** A database that sends all statements over one client. */
export const database = (sql: Sql): Db => {
  // Like a pool, starts the task after the caller has put its key into the batch.
  const use: Pool['use'] = async (task) => Promise.resolve().then(() => task(sql))
  return batch(onePool({ use, end: () => sql.end({ timeout: 5 }) }))
}

/** One pool for all costs. */
export const onePool = (pool: Pool): Pools => ({ reads: pool, heavy: pool, writes: pool, counts: pool })

/** A database for concurrent requests; `replicas` is undefined if none were named. */
export type Database = {
  readonly db: Db
  readonly replicas: Replicas | undefined
  readonly ready: () => Promise<boolean>
  readonly load: () => DatabaseLoad
  readonly end: () => Promise<void>
}

/** The load of each pool of connections, and the lag of each replica. */
export type DatabaseLoad = {
  readonly pools: readonly (PoolLoad & { readonly server: string; readonly pool: string })[]
  readonly replicas: readonly ReplicaLag[]
}

export type ConnectOptions = { readonly readUrls?: readonly string[]; readonly onStatement?: OnStatement }

/** Connects to a database, with a pool for each cost of statements, and to streaming replicas that answer its reads. */
export const connect = (url: string, { readUrls = [], onStatement }: ConnectOptions = {}): Database => {
  const pools: (ReturnType<typeof openPool> & { readonly server: string; readonly pool: string })[] = []
  const open: OpenPool = (pool, server, ...options) => {
    const opened = openPool(server, ...options)
    pools.push({ ...opened, server: server === url ? 'primary' : addressOf(server), pool })
    return opened
  }
  const reads = open('reads', url, 3, 2000)
  const primary = batch(
    {
      reads,
      // One, as it keeps a core of the server busy. With a small lookup before it, it ends before the proxy's timeout.
      heavy: open('heavy', url, 1, 2500),
      // Many, as each waits for the disk when it commits, and concurrent commits share one flush.
      writes: open('writes', url, 8, 2000),
      // Few, so that batches grow.
      counts: open('counts', url, 2, 2000),
    },
    onStatement,
  )
  const ending = new AbortController()
  const options = { primary, url, open, onStatement, signal: ending.signal }
  const replicas = readUrls.length > 0 ? connectReplicas(readUrls, options) : undefined
  return {
    db: replicas?.db ?? primary,
    replicas,
    ready: () => isReachable(reads),
    load: () => ({
      pools: pools.map(({ server, pool, load }) => ({ server, pool, ...load() })),
      replicas: replicas?.lags() ?? [],
    }),
    end: async () => {
      ending.abort()
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

type OpenPool = (name: string, url: string, size: number, queryTimeoutMs: number, onClose?: () => void) => Pool

type ReplicaOptions = {
  readonly primary: Db
  readonly url: string
  readonly open: OpenPool
  readonly onStatement: OnStatement | undefined
  readonly signal: AbortSignal
}

const connectReplicas = (
  urls: readonly string[],
  { primary, url, open, onStatement, signal }: ReplicaOptions,
): Replicas => {
  const probe = open('probe', url, 1, probeMs)
  const primaryIdentity = cached(queryIdentity(probe))
  const replicas = urls.map((replicaUrl) => {
    // Shorter limits than the primary's, which is asked next if a replica does not answer.
    const heavy = open('heavy', replicaUrl, 1, 1500)
    const db = batch({ ...onePool(open('reads', replicaUrl, 3, 500)), heavy }, onStatement)
    const openProbe = (onClose: () => void) => open('probe', replicaUrl, 1, probeMs, onClose)
    return followReplica({ name: addressOf(replicaUrl), db, openProbe, primaryIdentity }, signal)
  })
  return routeReads(replicas, primary, queryFlushedPosition(probe), signal)
}

const probeMs = 500

/** Caches the first result; a failure is asked again. */
const cached = (ask: ServerQuery): ServerQuery => {
  let answer: ReturnType<ServerQuery> | undefined
  return () =>
    (answer ??= ask().catch((error: unknown) => {
      answer = undefined
      throw error
    }))
}

/** The host and port, or socket folder, of a URL: without user and password. */
const addressOf = (url: string): string => {
  const { host, searchParams } = new URL(url)
  return searchParams.get('host') ?? host
}
