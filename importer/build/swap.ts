import { setTimeout } from 'node:timers/promises'
import type { Sql } from '../../db/client.ts'
import { runSteps } from './builders.ts'
import { applicationName } from './checkpoint.ts'
import { captureStep, replayChanges } from './liveChanges.ts'
import { largestId } from '../columns.ts'
import { tableNames, type Plan } from '../plan.ts'
import { keyOf } from '../tables/table.ts'
import { cloneViewSteps } from './cloneTables.ts'

/** Changes that are replayed while clients wait; more are replayed before. */
const maxLockedChanges = 200
const maxRounds = 20
const maxTries = 200

/** Starts to capture the rows that are written to the live tables. */
export const captureChanges = (sql: Sql, plan: Plan): Promise<void> =>
  retryLocked(() => runSteps([sql], [captureStep(plan)]), sql)

/** Replaces the live tables in one transaction, with all changes until then. Clients wait for some milliseconds. */
export const swap = async (sql: Sql, live: Sql, plan: Plan): Promise<void> => {
  if (!plan.isFresh)
    for (let round = 0; round < maxRounds && (await replayChangesOnce(sql, plan)) > maxLockedChanges; round += 1);
  const views = (await cloneViewSteps(live, tableNames(plan))).map(({ name }) => name)
  await retryLocked(async () => {
    await sql`begin`
    await exchange(sql, plan, views)
    await sql`commit`
  }, sql)
}

/** Retries a task that waits too long for a lock: clients queue behind it. */
const retryLocked = async (task: () => Promise<void>, sql: Sql): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await task()
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code !== '55P03' && code !== '40P01') || tries === maxTries) throw error
      await sql`rollback`
      await setTimeout(Math.random() * 200)
    }
  }
}

const replayChangesOnce = async (sql: Sql, plan: Plan): Promise<number> => {
  await sql`begin`
  const count = await replayChanges(sql, plan)
  await sql`commit`
  return count
}

const exchange = async (sql: Sql, plan: Plan, views: readonly string[]): Promise<void> => {
  const names = tableNames(plan)
  await sql.unsafe(`
    set local lock_timeout = '200ms';
    lock table ${names.map((name) => `public.${name}`).join(', ')} in access exclusive mode`)
  await replayChanges(sql, plan)
  await sql.unsafe(`
    ${plan.tables.map((table) => setSequenceSql(table.name, keyOf(table))).join('\n')}
    ${views.map((name) => `drop view public.${name};`).join('\n')}
    create schema retired;
    comment on schema retired is '${applicationName}';
    ${names
      .map(
        (name) => `
    alter table public.${name} set schema retired;
    alter table staging.${name} reset (autovacuum_enabled);
    alter table staging.${name} set schema public;`,
      )
      .join('')}
    ${views.map((name) => `alter view staging.${name} set schema public;`).join('\n')}
    update staging.import set swapped_at = now();
    insert into public.imports (source, started_at, finished_at)
      select description::json ->> 'folder', started_at, now() from staging.import`)
}

/**
 * Continues a sequence from the largest id, or from the last value of the live one if that is larger. A last value
 * above `largestId` is ignored: its row no longer exists, and there is no room above it.
 */
const setSequenceSql = (table: string, key: string): string => `
  select setval(pg_get_serial_sequence('staging.${table}', '${key}')::regclass, largest)
  from (
    select greatest(
      (select max(${key}) from staging.${table}),
      (
        select last from pg_sequence_last_value(pg_get_serial_sequence('public.${table}', '${key}')::regclass) last
        where last <= ${largestId}
      )
    ) as largest
  ) ids
  where largest is not null;`
