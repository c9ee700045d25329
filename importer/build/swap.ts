import { setTimeout } from 'node:timers/promises'
import type { Sql } from '../../db/client.ts'
import { runSteps } from './builders.ts'
import { applicationName } from './checkpoint.ts'
import { captureStep, replayChanges } from './liveChanges.ts'
import { largestId } from '../columns.ts'
import { namesIn, type Plan } from '../plan.ts'
import { keyOf } from '../tables/table.ts'
import { viewsOf } from './cloneTables.ts'

/** So few changes are taken over within the time that a client waits anyway. */
const few = 200
const mostRounds = 20
const mostTries = 200

/** Captures from now on what is written to the live tables. */
export const captureChanges = (sql: Sql, plan: Plan): Promise<void> =>
  whenFree(() => runSteps([sql], [captureStep(plan)]), sql)

/**
 * Puts what was built in the place of the live tables, in one transaction, with all that was written to them until then.
 * Clients wait for some milliseconds.
 */
export const swap = async (sql: Sql, live: Sql, plan: Plan): Promise<void> => {
  if (!plan.isFresh) for (let round = 0; round < mostRounds && (await replayAlone(sql, plan)) > few; round += 1);
  const views = (await viewsOf(live, namesIn(plan))).map(({ name }) => name)
  await whenFree(async () => {
    await sql`begin`
    await exchange(sql, plan, views)
    await sql`commit`
  }, sql)
}

/** A statement of a client that takes longer makes a task step back, lest others wait behind both, and try again. */
const whenFree = async (task: () => Promise<void>, sql: Sql): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await task()
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code !== '55P03' && code !== '40P01') || tries === mostTries) throw error
      await sql`rollback`
      await setTimeout(Math.random() * 200)
    }
  }
}

const replayAlone = async (sql: Sql, plan: Plan): Promise<number> => {
  await sql`begin`
  const count = await replayChanges(sql, plan)
  await sql`commit`
  return count
}

const exchange = async (sql: Sql, plan: Plan, views: readonly string[]): Promise<void> => {
  const names = namesIn(plan)
  await sql.unsafe(`
    set local lock_timeout = '200ms';
    lock table ${names.map((name) => `public.${name}`).join(', ')} in access exclusive mode`)
  if (!plan.isFresh) await replayChanges(sql, plan)
  await sql.unsafe(`
    ${plan.tables.map((table) => sequenceOf(table.name, keyOf(table))).join('\n')}
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
 * Ids go on from the largest row or the last one given, whichever is more. A last one above what files may give is left
 * out: it came from a row that no longer exists, and has no room above it.
 */
const sequenceOf = (table: string, key: string): string => `
  select setval(pg_get_serial_sequence('staging.${table}', '${key}')::regclass, largest)
  from (
    select greatest(
      (select max(${key}) from staging.${table}),
      (
        select last from pg_sequence_last_value(pg_get_serial_sequence('public.${table}', '${key}')::regclass) last
        where last <= ${largestId}
      )
    ) as largest
  ) known
  where largest is not null;`
