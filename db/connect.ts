import postgres from 'postgres'
import type { Db } from '../handlers/database.ts'
import { gather } from './gather.ts'
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
    connection: { application_name: 'atelierx', ...options.connection },
  })
}

/** The database behind one client, as a test wants it. */
export const database = (sql: Sql): Db => {
  // In a turn of its own, as with slots: a batch is there before its task starts.
  const use: Slots['use'] = async (task) => Promise.resolve().then(() => task(sql))
  const one = { use, end: () => sql.end({ timeout: 5 }) }
  return gather({ reads: one, pages: one, writes: one, counts: one })
}

/** A database for many requests at once. */
export type Connected = { readonly db: Db; readonly ready: () => Promise<boolean>; readonly end: () => Promise<void> }

/** Connects to a database, with a few connections for each kind of statement. */
export const connect = (url: string): Connected => {
  const open = (onclose: () => void) => client(url, { max: 1, onclose, connect_timeout: 2, connection })
  const limits = { queue: 1024, waitMs: 800 }
  const lanes = {
    reads: createSlots(open, { size: 3, taskMs: 2000, ...limits }),
    pages: createSlots(open, { size: 1, taskMs: 5000, ...limits }),
    // Many, as each waits for the disk at its end, and those that wait together wait once.
    writes: createSlots(open, { size: 8, taskMs: 2000, ...limits }),
    // Few, as more is gathered while these are under way.
    counts: createSlots(open, { size: 2, taskMs: 2000, ...limits }),
  }
  const isReachable = () => lanes.reads.use((sql) => sql`select 1`)
  return {
    db: gather(lanes),
    ready: () =>
      isReachable().then(
        () => true,
        () => false,
      ),
    end: async () => {
      await Promise.all(Object.values(lanes).map((slots) => slots.end()))
    },
  }
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
