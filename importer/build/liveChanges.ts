import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import { keyOf, type Table } from '../tables/table.ts'
import { characteristicReviews, reviews } from '../tables/reviews.ts'
import { carryOver, readColumns } from './carryOver.ts'
import type { Step } from './cloneTables.ts'
import { replayRemovals } from './moderation.ts'

/** The step that adds triggers to the live tables: every row written or deleted from then on is listed in
 * `staging.changes`. */
export const captureStep = ({ tables }: Plan): Step => ({
  name: 'capture changes',
  sql: `
    set local lock_timeout = '300ms';
    create function staging.capture_change() returns trigger language plpgsql security definer set search_path = staging as $$
      begin
        insert into staging.changes
          select tg_table_name, (row ->> tg_argv[0])::int, tg_op = 'DELETE' from to_jsonb(coalesce(new, old)) row;
        return null;
      end
    $$;
    ${tables
      .map(
        (table) => `
    create trigger captured_by_import after insert or update or delete on public.${table.name}
      for each row execute function staging.capture_change('${keyOf(table)}');`,
      )
      .join('')}`,
})

/**
 * Replays captured changes on the new tables, and returns their number. Rows of the files are not changed, but go where
 * moderators removed them.
 */
export const replayChanges = async (sql: Sql, plan: Plan): Promise<number> => {
  await sql`create temporary table changed (name text, id int, is_deleted boolean) on commit drop`
  const { count } = await sql`
    with taken as (delete from staging.changes returning name, id, is_deleted)
    insert into changed select name, id, bool_or(is_deleted) from taken group by name, id`
  if (count > 0) await replayWrites(sql, plan)
  await replayRemovals(sql, plan)
  return count
}

const replayWrites = async (sql: Sql, { tables, photoColumns, derived }: Plan): Promise<void> => {
  await sql`insert into steps (name) values ('carry over ' || pg_current_xact_id())`
  const findAdded = async (table: Table) => {
    if (!tables.includes(table)) return '{}'
    const [row] = await sql.unsafe<{ ids: string }[]>(`
      select coalesce(array_agg(id), '{}')::text as ids from changed
      where name = '${table.name}' and not exists (select from staging.${table.name} built where built.${keyOf(table)} = id)`)
    return row?.ids ?? '{}'
  }
  const addedReviews = await findAdded(reviews)
  const addedRatings = await findAdded(characteristicReviews)
  for (const table of tables) {
    const isChanged = `live.${keyOf(table)} in (select id from changed where changed.name = '${table.name}')`
    const columns = await readColumns(sql, table)
    const [key, ...others] = columns
    // Without photo columns, which can be outdated: null makes a query read the photos themselves.
    const withoutPhotos = columns.filter((name) => !table.photoColumns?.includes(name))
    await sql.unsafe(`
      ${carryOver(table, withoutPhotos, tables, isChanged)}
      on conflict (${key}) do update set (${others.join(', ')}) = row (${others.map((name) => `excluded.${name}`).join(', ')})
      where ${table.name}.xmin in (select xid from steps where steps.name like 'carry over %')`)
  }
  // A row of a file can share its id with a carried-over row, and then has the photos of both. After the savepoint its
  // xmin differs from that of carried-over rows, so it still counts as the file's.
  await sql`savepoint photos`
  for (const { of, shows } of photoColumns)
    await sql.unsafe(`
      update staging.${of.name} set ${(of.photoColumns ?? []).map((column) => `${column} = null`).join(', ')}
      where ${keyOf(of)} in (
        select ${keyOf(of)} from staging.${shows.name} join changed on name = '${shows.name}' and ${keyOf(shows)} = id
      ) and xmin not in (select xid from steps where name like 'carry over %')`)
  if (derived.some(({ name }) => name === 'review_totals'))
    await sql`
      insert into staging.review_totals as built (product_id, ratings, not_recommended, recommended, ids, names, votes, totals)
      select * from counted_totals(${addedReviews}::int[], ${addedRatings}::int[])
      on conflict (product_id) do update set
        ratings = plus(built.ratings, excluded.ratings),
        not_recommended = built.not_recommended + excluded.not_recommended,
        recommended = built.recommended + excluded.recommended,
        votes = plus(built.votes, excluded.votes),
        totals = plus(built.totals, excluded.totals)`
}
