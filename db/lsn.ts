import { type Db, lookup } from '../handlers/database.ts'

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

// Acknowledged is what the log holds on disk; beyond that lies only what nobody was told of.
const written = lookup({ at: 'int' })<string | undefined>`
  select n, to_json(pg_current_wal_flush_lsn()::text) as answer from keys`

const replayed = lookup({ at: 'int' })<string | undefined>`
  select n, to_json(pg_last_wal_replay_lsn()::text) as answer from keys where pg_is_in_recovery()`

const cluster = lookup({ at: 'int' })<string>`
  select n, to_json(format('%s/%s', system_identifier, current_database())) as answer from keys, pg_control_system()`

const ask = async (db: Db, question: typeof written): Promise<Lsn | undefined> => {
  const answer = await db.get(question, { at: 0 })
  return answer === undefined ? undefined : readLsn(JSON.parse(answer) as string)
}

/** A place in the log of a primary behind all that it has acknowledged. */
export const writtenBy = async (primary: Db): Promise<Lsn> => (await ask(primary, written)) ?? lastLsn

/** The place up to which a replica shows what its primary wrote; nothing from a server that is no replica. */
export const replayedBy = (replica: Db): Promise<Lsn | undefined> => ask(replica, replayed)

/** What a database has in common with its replicas, and with nothing else. */
export const clusterOf = (db: Db): Promise<string> => db.get(cluster, { at: 0 })
