import type { Pool } from '../pool.ts'

/** A place in the log of PostgreSQL, in the one form in which texts compare as the places do: `00000000/0301A2B8`. */
export type Lsn = string

/** Where every log begins, which every replica has replayed. */
export const firstLsn: Lsn = '00000000/00000000'
/** What no log reaches, and no replica has replayed. */
export const lastLsn: Lsn = 'FFFFFFFF/FFFFFFFF'

/** Reads a place in the log from text that anyone may have written. */
export const readLsn = (text: string): Lsn | undefined => {
  const [, high, low] = /^([\dA-F]{1,8})\/([\dA-F]{1,8})$/i.exec(text) ?? []
  return high && low && `${high.padStart(8, '0')}/${low.padStart(8, '0')}`.toUpperCase()
}

/** Asks a server; nothing is the answer of one that is not of the kind that is asked. */
export type Ask = () => Promise<string | undefined>

/** Where in its log a primary is with what it has acknowledged: that is on disk, and beyond lies what nobody was told of. */
export const askWritten = (pool: Pool): Ask => {
  const ask = asking(pool, 'select pg_current_wal_flush_lsn()::text as answer where not pg_is_in_recovery()')
  return async () => readLsn((await ask()) ?? '')
}

/** Up to where in the log a replica shows what its primary wrote. */
export const askReplayed = (pool: Pool): Ask => {
  const ask = asking(pool, 'select pg_last_wal_replay_lsn()::text as answer where pg_is_in_recovery()')
  return async () => readLsn((await ask()) ?? '')
}

/** What a database has in common with its replicas, and with nothing else. */
export const askCluster = (pool: Pool): Ask =>
  asking(pool, `select format('%s/%s', system_identifier, current_database()) as answer from pg_control_system()`)

/** Those who ask before the question is sent share it. */
const asking = (pool: Pool, text: string): Ask => {
  let waiting: Promise<string | undefined> | undefined
  return () => {
    if (waiting) return waiting
    const close = () => {
      if (waiting === asked) waiting = undefined
    }
    const asked: Promise<string | undefined> = pool
      .use(async (sql) => {
        close()
        const [row] = await sql.unsafe<{ answer: string }[]>(text, [], { prepare: true })
        return row?.answer
      })
      .finally(close)
    return (waiting = asked)
  }
}
