import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import { keyOf, type Table } from '../tables/table.ts'
import { characteristicReviews, reviews } from '../tables/reviews.ts'
import { carryOver, columnsIn } from './carryOver.ts'
import type { Step } from './cloneTables.ts'

/** The step after which every row written to a live table is captured, while an import builds others in their place. */
export const captureStep = ({ tables }: Plan): Step => ({
  name: 'capture changes',
  sql: `
    set local lock_timeout = '300ms';
    create function staging.capture_change() returns trigger language plpgsql security definer set search_path = staging as $$
      begin
        insert into staging.changes values (tg_table_name, (to_jsonb(new) ->> tg_argv[0])::int);
        return null;
      end
    $$;
    ${tables
      .map(
        (table) => `
    create trigger captured_by_import after insert or update on public.${table.name}
      for each row execute function staging.capture_change('${keyOf(table)}');`,
      )
      .join('')}`,
})

/** Repeats in the new tables what was captured since, and counts it. A row that a file names stays as the file has it. */
export const replayChanges = async (sql: Sql, { tables, photoColumns, derived }: Plan): Promise<number> => {
  await sql`create temporary table changed (name text, id int) on commit drop`
  const { count } = await sql`
    with taken as (delete from staging.changes returning name, id)
    insert into changed select distinct name, id from taken`
  if (count === 0) return 0
  await sql`insert into steps (name) values ('carry over ' || pg_current_xact_id())`
  const added = async (table: Table) => {
    if (!tables.includes(table)) return '{}'
    const [row] = await sql.unsafe<{ ids: string }[]>(`
      select coalesce(array_agg(id), '{}')::text as ids from changed
      where name = '${table.name}' and not exists (select from staging.${table.name} there where there.${keyOf(table)} = id)`)
    return row?.ids ?? '{}'
  }
  const addedReviews = await added(reviews)
  const addedRatings = await added(characteristicReviews)
  for (const table of tables) {
    const isChanged = `live.${keyOf(table)} in (select id from changed where changed.name = '${table.name}')`
    const columns = await columnsIn(sql, table)
    const [key, ...others] = columns
    // What a row shows may be more by now than when it was put together, so it is looked for.
    const certain = columns.filter((name) => !table.photoColumns?.includes(name))
    await sql.unsafe(`
      ${carryOver(table, certain, tables, isChanged)}
      on conflict (${key}) do update set (${others.join(', ')}) = row (${others.map((name) => `excluded.${name}`).join(', ')})
      where ${table.name}.xmin in (select xid from steps where steps.name like 'carry over %')`)
  }
  // A row that a file names, and whose id one has taken that gave way, shows the photos of both. It goes on as the file's:
  // what is done after a savepoint has another xmin.
  await sql`savepoint photos`
  for (const { of, shows } of photoColumns)
    await sql.unsafe(`
      update staging.${of.name} set ${(of.photoColumns ?? []).map((column) => `${column} = null`).join(', ')}
      where ${keyOf(of)} in (
        select ${keyOf(of)} from staging.${shows.name} join changed on name = '${shows.name}' and ${keyOf(shows)} = id
      ) and xmin not in (select xid from steps where name like 'carry over %')`)
  if (derived.some(({ name }) => name === 'review_totals'))
    await sql`
      insert into staging.review_totals as kept (product_id, ratings, not_recommended, recommended, ids, names, votes, totals)
      select * from counted_totals(${addedReviews}::int[], ${addedRatings}::int[])
      on conflict (product_id) do update set
        ratings = plus(kept.ratings, excluded.ratings),
        not_recommended = kept.not_recommended + excluded.not_recommended,
        recommended = kept.recommended + excluded.recommended,
        votes = plus(kept.votes, excluded.votes),
        totals = plus(kept.totals, excluded.totals)`
  return count
}
