import postgres from 'postgres'
import type { Db } from '../handlers/database.ts'
import { gather, type Lanes } from './gather.ts'
import { type Ask, askCluster, askWritten } from './lsn.ts'
import { followReplica } from './replica.ts'
import { readFrom, type Replicas } from './replicas.ts'
import { createSlots, type Slots } from './slots.ts'
import { takeTls } from './tls.ts'

export type Sql = postgres.Sql<{ json: string }>

/**
 * A postgres.js client. Besides what that takes, a URL may name the folder of a Unix socket, `?host=/run/postgresql`, and
 * the authority of the server's certificate, `?sslmode=verify-full&sslrootcert=/path`.
 */
export const client = (url: string, options: Omit<postgres.Options<Record<string, never>>, 'types'> = {}): Sql => {
  const address = new URL(url)
  const host = address.searchParams.get('host')
  address.searchParams.delete('host')
  const tls = takeTls(address)
  return postgres(address.href, {
    ...(host === null ? {} : { host }),
    ...tls,
    connect_timeout: 5,
    // Its query for the types of arrays cannot be guarded when it fails; statements send arrays as text instead.
    fetch_types: false,
    // Answers are passed on as the text that they are.
    types: { json: { to: 114, from: [114], serialize: (value: string) => value, parse: (text: string) => text } },
    onnotice: () => {},
    ...options,
    // How days are written, whatever the server's own style.
    connection: { application_name: 'atelierx', DateStyle: 'ISO', ...options.connection },
  })
}

/** The database behind one client, as a test wants it. */
export const database = (sql: Sql): Db => {
  // In a turn of its own, as with slots: a batch is there before its task starts.
  const use: Slots['use'] = async (task) => Promise.resolve().then(() => task(sql))
  return gather(only({ use, end: () => sql.end({ timeout: 5 }) }))
}

const only = (lane: Slots): Lanes => ({ reads: lane, pages: lane, writes: lane, counts: lane })

/** A database for many requests at once; `replicas` are there if any were named. */
export type Connected = {
  readonly db: Db
  readonly replicas: Replicas | undefined
  readonly ready: () => Promise<boolean>
  readonly end: () => Promise<void>
}

/** Connects to a database, with a few connections for each kind of statement, and to streaming replicas that read for it. */
export const connect = (url: string, { readUrls = [] }: { readonly readUrls?: readonly string[] } = {}): Connected => {
  const lanes: Slots[] = []
  const lane: OpenLane = (...given) => {
    const slots = openLane(...given)
    lanes.push(slots)
    return slots
  }
  const reads = lane(url, 3, 2000)
  const primary = gather({
    reads,
    pages: lane(url, 1, 5000),
    // Many, as each waits for the disk at its end, and those that wait together wait once.
    writes: lane(url, 8, 2000),
    // Few, as more is gathered while these are under way.
    counts: lane(url, 2, 2000),
  })
  const ending = new AbortController()
  const replicas = readUrls.length > 0 ? follow(readUrls, primary, url, lane, ending.signal) : undefined
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
      await Promise.all(lanes.map((slots) => slots.end()))
    },
  }
}

type OpenLane = (url: string, size: number, taskMs: number, lost?: () => void) => Slots

/** Connections to a server; `lost` hears of each that closes. */
const openLane: OpenLane = (url, size, taskMs, lost = () => {}) => {
  const open = (onclose: () => void) => {
    const closed = () => {
      lost()
      onclose()
    }
    return client(url, { max: 1, onclose: closed, connect_timeout: 2, connection })
  }
  // More than a server takes of requests at once: it refuses those beyond before anything is done for them.
  return createSlots(open, { size, taskMs, queue: 2048, waitMs: 600 })
}

const follow = (urls: readonly string[], primary: Db, url: string, lane: OpenLane, signal: AbortSignal): Replicas => {
  const own = lane(url, 1, probeMs)
  const cluster = once(askCluster(own))
  const replicas = urls.map((at) => {
    // Less patient than with the primary, which is asked when these fail.
    const db = gather({ ...only(lane(at, 3, 500)), pages: lane(at, 1, 1500) })
    const probe = (lost: () => void) => lane(at, 1, probeMs, lost)
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

// The client gives up earlier; this frees the server from what it gave up.
const connection = { ...planning, statement_timeout: 6000 }
