import type { Sql } from '../../db/client.ts'
import { UserError } from '../../db/commandLine.ts'
import { namesIn, type Plan } from '../plan.ts'
import { creationOf } from './cloneTables.ts'

/** How far an import has come: `staging` holds what it builds, and it survives whoever builds it. */
export type Checkpoint = {
  readonly isResumed: boolean
  /** Whether all that is left to do is to tell what was done, and to clear up. */
  readonly isSwapped: boolean
  /** When the import began, as an ISO time. */
  readonly moment: string
}

const importLock = `hashtext('atelierx import')`

/** Takes the right to import, for as long as the connection lasts, and ends what is left of an import that was killed. */
export const lockImport = async (sql: Sql): Promise<void> => {
  const [lock] = await sql.unsafe<{ taken: boolean }[]>(`select pg_try_advisory_lock(${importLock}) as taken`)
  if (!lock?.taken)
    throw new UserError('Another import runs on this database: wait until it has ended, or stop it, and import again.')
  await endImports(sql)
}

/** Ends the connections of imports into the database of a client, but for its own. */
export const endImports = async (sql: Sql): Promise<void> => {
  const others = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${applicationName} and datname = current_database() and usename = current_user
        and pid <> pg_backend_pid()`
  while ((await others()).length > 0) await sql`select pg_sleep(0.05)`
}

/** What an import's connections are called. */
export const applicationName = 'atelierx import'

/** Goes on with the import of the same files that was interrupted, or begins anew. */
export const openCheckpoint = async (sql: Sql, plan: Plan): Promise<Checkpoint> => {
  await dropFormer(sql)
  await mustBeOurs(sql)
  await sql`drop schema if exists retired cascade`
  const description = await describe(sql, plan)
  const known = await savedCheckpoint(sql)
  if (known?.description === description)
    return { isResumed: true, isSwapped: known.is_swapped, moment: known.started_at }

  await sql.unsafe(`
    drop schema if exists staging cascade;
    create schema staging;
    comment on schema staging is '${applicationName}';
    create table staging.import (description text, started_at timestamptz(3) default now(), swapped_at timestamptz);
    create table staging.files (
      name text primary key, line int not null default 1, is_done boolean not null default false,
      read int not null default 0, staged int not null default 0, rejected int not null default 0,
      repaired int not null default 0, repairs int[] not null default '{}', seconds float not null default 0
    );
    create table staging.rejects (file text, line int, "column" text, value text, reason text);
    create table staging.steps (name text primary key, xid xid not null default pg_current_xact_id()::xid);
    create table staging.changes (name text, id int);
    insert into staging.import (description) values ('${description.replaceAll("'", "''")}');
    insert into staging.files (name)
      values ${plan.files.map(({ name }) => `('${name.replaceAll("'", "''")}')`).join(', ')};
    ${(await Promise.all(namesIn(plan).map((name) => creationOf(sql, name)))).join('\n')}`)
  const begun = await savedCheckpoint(sql)
  return { isResumed: false, isSwapped: false, moment: begun?.started_at ?? '' }
}

/** Drops what an import left that the build before began, with its triggers: this build begins it anew. */
const dropFormer = async (sql: Sql): Promise<void> => {
  const [former] = await sql<{ is_there: boolean }[]>`
    select to_regclass('incoming.import') is not null and to_regclass('incoming.steps') is not null as is_there`
  if (former?.is_there) await sql`drop schema if exists incoming, outgoing cascade`
}

/** A schema of ours bears a comment, so that nobody else's is dropped. */
const mustBeOurs = async (sql: Sql): Promise<void> => {
  const [other] = await sql<{ nspname: string }[]>`
    select nspname from pg_namespace
    where nspname in ('staging', 'retired')
      and obj_description(oid, 'pg_namespace') is distinct from ${applicationName}`
  if (other)
    throw new UserError(
      `The database has a schema ${other.nspname} that no import made, and an import needs the name: rename that schema.`,
    )
}

type Saved = { description: string; started_at: string; is_swapped: boolean }

const savedCheckpoint = async (sql: Sql): Promise<Saved | undefined> => {
  const [table] = await sql<{ is_there: boolean }[]>`select to_regclass('staging.import') is not null as is_there`
  if (!table?.is_there) return undefined
  const [known] = await sql<Saved[]>`
    select description, swapped_at is not null as is_swapped,
      to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as started_at
    from staging.import`
  return known
}

/** What makes two imports the same: the files as they are, what becomes of other rows, and the tables' form. */
const describe = async (sql: Sql, { folder, files, isFresh }: Plan): Promise<string> => {
  const [last] = await sql<{ name: string }[]>`select max(name) as name from migrations`
  const known = files.map(({ name, bytes, modifiedMs }) => [name, bytes, modifiedMs])
  return JSON.stringify({ folder, isFresh, files: known, migration: last?.name })
}
