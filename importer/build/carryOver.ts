import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import { keyOf, type Table } from '../tables/table.ts'
import { characteristicReviews, reviews } from '../tables/reviews.ts'
import type { Step } from './cloneTables.ts'

/** What notes the rows of live tables that are written while an import builds others in their place. */
export const watchOf = ({ tables }: Plan): Step => ({
  name: 'watch',
  sql: `
    set local lock_timeout = '300ms';
    create function incoming.note_change() returns trigger language plpgsql security definer set search_path = incoming as $$
      begin
        insert into incoming.changes values (tg_table_name, (to_jsonb(new) ->> tg_argv[0])::int);
        return null;
      end
    $$;
    ${tables
      .map(
        (table) => `
    create trigger noted_by_import after insert or update on public.${table.name}
      for each row execute function incoming.note_change('${keyOf(table)}');`,
      )
      .join('')}`,
})

/** What takes over the live rows that no file names. Parents go first: their rows may have another product now. */
export const keepOf = async (sql: Sql, { tables }: Plan): Promise<Step[]> => {
  const steps: Step[] = []
  for (const table of tables) {
    const key = keyOf(table)
    const missing = `not exists (select from incoming.${table.name} named where named.${key} = live.${key})`
    const columns = await columnsIn(sql, table)
    steps.push({ name: `keep ${table.name}`, sql: takeOver(table, columns, tables, missing) })
  }
  return steps
}

/** Takes over what was written to live tables since. A row that a file names stays as the file has it. */
export const catchUp = async (sql: Sql, { tables, albums, prepared }: Plan): Promise<number> => {
  await sql`create temporary table changed (name text, id int) on commit drop`
  const { count } = await sql`
    with taken as (delete from incoming.changes returning name, id)
    insert into changed select distinct name, id from taken`
  if (count === 0) return 0
  await sql`insert into steps (name) values ('keep ' || pg_current_xact_id())`
  const added = async (table: Table) => {
    if (!tables.includes(table)) return '{}'
    const [row] = await sql.unsafe<{ ids: string }[]>(`
      select coalesce(array_agg(id), '{}')::text as ids from changed
      where name = '${table.name}' and not exists (select from incoming.${table.name} there where there.${keyOf(table)} = id)`)
    return row?.ids ?? '{}'
  }
  const addedReviews = await added(reviews)
  const addedRatings = await added(characteristicReviews)
  for (const table of tables) {
    const isChanged = `live.${keyOf(table)} in (select id from changed where changed.name = '${table.name}')`
    const columns = await columnsIn(sql, table)
    const [key, ...others] = columns
    // What a row shows may be more by now than when it was put together, so it is looked for.
    const certain = columns.filter((name) => !table.albums?.includes(name))
    await sql.unsafe(`
      ${takeOver(table, certain, tables, isChanged)}
      on conflict (${key}) do update set (${others.join(', ')}) = row (${others.map((name) => `excluded.${name}`).join(', ')})
      where ${table.name}.xmin in (select xid from steps where steps.name like 'keep %')`)
  }
  // A row that a file names, and whose id one has taken that gave way, shows the photos of both. It goes on as the file's:
  // what is done after a savepoint has another xmin.
  await sql`savepoint albums`
  for (const { of, shows } of albums)
    await sql.unsafe(`
      update incoming.${of.name} set ${(of.albums ?? []).map((column) => `${column} = null`).join(', ')}
      where ${keyOf(of)} in (
        select ${keyOf(of)} from incoming.${shows.name} join changed on name = '${shows.name}' and ${keyOf(shows)} = id
      ) and xmin not in (select xid from steps where name like 'keep %')`)
  if (prepared.some(({ name }) => name === 'review_totals'))
    await sql`
      insert into incoming.review_totals as kept (product_id, ratings, not_recommended, recommended, ids, names, votes, totals)
      select * from counted_totals(${addedReviews}::int[], ${addedRatings}::int[])
      on conflict (product_id) do update set
        ratings = plus(kept.ratings, excluded.ratings),
        not_recommended = kept.not_recommended + excluded.not_recommended,
        recommended = kept.recommended + excluded.recommended,
        votes = plus(kept.votes, excluded.votes),
        totals = plus(kept.totals, excluded.totals)`
  return count
}

const takeOver = (table: Table, columns: readonly string[], built: readonly Table[], condition: string): string => {
  const { owner } = table
  const follows = owner !== undefined && built.includes(owner)
  const values = columns.map((name) => (follows && name === 'product_id' ? 'owner.product_id' : `live.${name}`))
  const join = follows ? ` join incoming.${owner.name} owner on owner.${keyOf(owner)} = live.${keyOf(owner)}` : ''
  return `
    insert into incoming.${table.name} (${columns.join(', ')})
    select ${values.join(', ')} from public.${table.name} live${join} where ${condition}`
}

/** The columns of a table, the id first. */
const columnsIn = async (sql: Sql, { name }: Table): Promise<string[]> => {
  const rows = await sql<{ attname: string }[]>`
    select attname from pg_attribute
    where attrelid = ${`public.${name}`}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum`
  return rows.map(({ attname }) => attname)
}
