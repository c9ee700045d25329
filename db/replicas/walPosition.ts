import type { Pool } from '../pool/pool.ts'

/**
 * A position in PostgreSQL's write-ahead log (LSN), padded so that strings compare as positions do:
 * `00000000/0301A2B8`.
 */
export type WalPosition = string

/** The start of the log; every replica has replayed it. */
export const firstPosition: WalPosition = '00000000/00000000'
/** Beyond the end of any log; no replica has replayed it. */
export const lastPosition: WalPosition = 'FFFFFFFF/FFFFFFFF'

/** The position that a text names, undefined if it names none. Takes untrusted input. */
export const parseWalPosition = (text: string): WalPosition | undefined => {
  const [, high, low] = /^([\dA-F]{1,8})\/([\dA-F]{1,8})$/i.exec(text) ?? []
  return high && low && `${high.padStart(8, '0')}/${low.padStart(8, '0')}`.toUpperCase()
}

/** The bytes of the log from one position to another; 0 if the other is before it. */
export const bytesBetween = (from: WalPosition, to: WalPosition): number => Math.max(0, toBytes(to) - toBytes(from))

const toBytes = (position: WalPosition): number =>
  Number.parseInt(position.slice(0, 8), 16) * 2 ** 32 + Number.parseInt(position.slice(9), 16)

/** A question to a server. A primary answers undefined to those for replicas, and the other way round. */
export type ServerQuery = () => Promise<string | undefined>

/** The primary's flushed WAL position; every acknowledged write is at or before it. */
export const queryFlushedPosition = (pool: Pool): ServerQuery =>
  queryPosition(pool, 'select pg_current_wal_flush_lsn()::text as answer where not pg_is_in_recovery()')

/** The replica's replayed WAL position; its reads show every write at or before it. */
export const queryReplayedPosition = (pool: Pool): ServerQuery =>
  queryPosition(pool, 'select pg_last_wal_replay_lsn()::text as answer where pg_is_in_recovery()')

const queryPosition = (pool: Pool, text: string): ServerQuery => {
  const ask = shareQuery(pool, text)
  return async () => parseWalPosition((await ask()) ?? '')
}

/** The system identifier and database name, which only a database and its replicas share. */
export const queryIdentity = (pool: Pool): ServerQuery =>
  shareQuery(pool, `select format('%s/%s', system_identifier, current_database()) as answer from pg_control_system()`)

/** A query that calls made before it is sent share. */
const shareQuery = (pool: Pool, text: string): ServerQuery => {
  let pending: Promise<string | undefined> | undefined
  return () => {
    if (pending) return pending
    const close = () => {
      if (pending === sent) pending = undefined
    }
    const sent: Promise<string | undefined> = pool
      .use(async (sql) => {
        close()
        const [row] = await sql.unsafe<{ answer: string }[]>(text, [], { prepare: true })
        return row?.answer
      })
      .finally(close)
    return (pending = sent)
  }
}
