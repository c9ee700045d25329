import type { Sql } from '../../db/client.ts'
import { UserError } from '../../db/commandLine.ts'
import { tableNames, type Plan } from '../plan.ts'
import { cloneTableSql } from './cloneTables.ts'

/** The state of an import, which the schema `staging` keeps with the tables that it builds. */
export type Checkpoint = {
  readonly isResumed: boolean
  /** The tables are live; only the report and the clean-up are left. */
  readonly isSwapped: boolean
  /** The start of the import, as an ISO time. */
  readonly startedAt: string
}

const importLock = `hashtext('atelierx import')`

/** Locks imports for as long as the connection lasts, and ends the connections of an import that was killed. */
export const lockImport = async (sql: Sql): Promise<void> => {
  // The server notices the end of a process a moment after the process has gone.
  for (let tries = 0; !(await tryLock(sql)); tries += 1) {
    if (tries === 20)
      throw new UserError(
        'Another import runs on this database: wait until it has ended, or stop it, and import again.',
      )
    await sql`select pg_sleep(0.05)`
  }
  await endImports(sql)
}

const tryLock = async (sql: Sql): Promise<boolean> => {
  const [lock] = await sql.unsafe<{ taken: boolean }[]>(`select pg_try_advisory_lock(${importLock}) as taken`)
  return lock?.taken === true
}

/** Ends all connections of imports into a client's database, except its own. */
export const endImports = async (sql: Sql): Promise<void> => {
  const others = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${applicationName} and datname = current_database() and usename = current_user
        and pid <> pg_backend_pid()`
  while ((await others()).length > 0) await sql`select pg_sleep(0.05)`
}

/** The application name of an import's connections, and the comment on its schemas. */
export const applicationName = 'atelierx import'

/** Resumes an interrupted import of the same files, or starts a new one. */
export const openCheckpoint = async (sql: Sql, plan: Plan): Promise<Checkpoint> => {
  await dropFormerSchemas(sql)
  await assertOwnSchemas(sql)
  await sql`drop schema if exists retired cascade`
  const description = await describeImport(sql, plan)
  const saved = await readCheckpoint(sql)
  if (saved?.description === description)
    return { isResumed: true, isSwapped: saved.is_swapped, startedAt: saved.started_at }

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
    create table staging.changes (name text, id int, is_deleted boolean);
    insert into staging.import (description) values ('${description.replaceAll("'", "''")}');
    insert into staging.files (name)
      values ${plan.files.map(({ name }) => `('${name.replaceAll("'", "''")}')`).join(', ')};
    ${(await Promise.all(tableNames(plan).map((name) => cloneTableSql(sql, name)))).join('\n')}`)
  const created = await readCheckpoint(sql)
  return { isResumed: false, isSwapped: false, startedAt: created?.started_at ?? '' }
}

/** Drops the schemas of the previous version, with its triggers: an import that it left unfinished starts again. */
const dropFormerSchemas = async (sql: Sql): Promise<void> => {
  const [former] = await sql<{ is_there: boolean }[]>`
    select to_regclass('incoming.import') is not null and to_regclass('incoming.steps') is not null as is_there`
  if (former?.is_there) await sql`drop schema if exists incoming, outgoing cascade`
}

/** Schemas of imports have a comment, so that no other schema of that name is dropped. */
const assertOwnSchemas = async (sql: Sql): Promise<void> => {
  const [other] = await sql<{ nspname: string }[]>`
    select nspname from pg_namespace
    where nspname in ('staging', 'retired')
      and obj_description(oid, 'pg_namespace') is distinct from ${applicationName}`
  if (other)
    throw new UserError(
      `The database has a schema ${other.nspname} that no import made, and an import needs the name: rename that schema.`,
    )
}

type SavedCheckpoint = { description: string; started_at: string; is_swapped: boolean }

const readCheckpoint = async (sql: Sql): Promise<SavedCheckpoint | undefined> => {
  const [table] = await sql<{ is_there: boolean }[]>`select to_regclass('staging.import') is not null as is_there`
  if (!table?.is_there) return undefined
  const [saved] = await sql<SavedCheckpoint[]>`
    select description, swapped_at is not null as is_swapped,
      to_char(started_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as started_at
    from staging.import`
  return saved
}

/** The identity of an import: the files, the options, and the version of the schema. */
const describeImport = async (sql: Sql, { folder, files, isFresh }: Plan): Promise<string> => {
  const [last] = await sql<{ name: string }[]>`select max(name) as name from migrations`
  const versions = files.map(({ name, bytes, modifiedMs }) => [name, bytes, modifiedMs])
  return JSON.stringify({ folder, isFresh, files: versions, migration: last?.name })
}
