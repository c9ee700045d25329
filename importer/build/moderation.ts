import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import { childrenOf } from '../tables/index.ts'
import { keyOf, type Table } from '../tables/table.ts'
import type { Step } from './cloneTables.ts'

// Rows that were carried over are told apart from those of files by xmin.
const isCarriedOver = `xmin in (select xid from steps where steps.name like 'carry over %')`

/** The names and addresses of persons, by table. */
const persons: Readonly<Record<string, readonly [name: string, email: string]>> = {
  reviews: ['reviewer_name', 'reviewer_email'],
  questions: ['asker_name', 'asker_email'],
  answers: ['answerer_name', 'answerer_email'],
}

/** SQL that makes the rows of files anonymous whose persons were erased, of all time or as a condition says. */
const anonymize = ({ name }: Table, condition = 'true'): string => {
  const [person, email] = persons[name] ?? []
  return person === undefined
    ? ''
    : `update staging.${name} set ${person} = 'Anonymous', ${email} = null
      from public.erased_emails
      where ${condition} and ${email} is not null and hashtextextended(lower(${email}), 0) = email_hash
        and not (${name}.${isCarriedOver});`
}

/** SQL that deletes the rows that belong to rows for which a condition holds. */
const deleteChildren = (table: Table, condition: string): string =>
  childrenOf(table)
    .map((child) => {
      const isOfRemoved = `${keyOf(table)} in (select ${keyOf(table)} from staging.${table.name} where ${condition})`
      return `${deleteChildren(child, isOfRemoved)} delete from staging.${child.name} where ${isOfRemoved};`
    })
    .join(' ')

/**
 * Steps that leave out of the loaded rows what moderators removed, with all that belongs to it, and make anonymous what
 * erased persons wrote. They run before live rows are carried over.
 */
export const moderationSteps = async (live: Sql, { tables }: Plan): Promise<Step[]> => {
  const [state] = await live<{ removed: boolean; erased: boolean }[]>`
    select exists (select from removed_rows) as removed, exists (select from erased_emails) as erased`
  return tables
    .filter(({ name }) => name in persons)
    .flatMap((table) => {
      const isRemoved = `${keyOf(table)} in (select id from public.removed_rows where name = '${table.name}')`
      const removal = `${deleteChildren(table, isRemoved)} delete from staging.${table.name} where ${isRemoved};`
      return [
        { name: `leave out removed ${table.name}`, sql: state?.removed ? removal : '' },
        { name: `anonymize ${table.name}`, sql: state?.erased ? anonymize(table) : '' },
      ]
    })
}

// Generous: what began before the steps above may have committed after them.
const sinceStart = `(select started_at - interval '1 hour' from staging.import)`

/**
 * Takes out of the new tables what was removed since the import began, and what is gone from the live tables and was
 * carried over, with all that belongs to it; then makes anonymous what was erased. It has the table `changed`.
 */
export const replayRemovals = async (sql: Sql, plan: Plan): Promise<void> => {
  // Clients wait meanwhile, so it costs no more than this where there is nothing to do.
  const [state] = await sql.unsafe<{ removed: boolean; erased: boolean }[]>(`
    select
      exists (select from changed where is_deleted)
        or exists (select from public.removed_rows where removed_at >= ${sinceStart}) as removed,
      exists (select from public.erased_emails where erased_at >= ${sinceStart}) as erased`)
  if (state?.removed) await deleteGone(sql, plan)
  if (state?.erased) for (const table of plan.tables) await sql.unsafe(anonymize(table, `erased_at >= ${sinceStart}`))
}

const deleteGone = async (sql: Sql, { tables, derived }: Plan): Promise<void> => {
  await sql`create temporary table gone (name text, id int, primary key (name, id)) on commit drop`
  for (const table of tables) {
    const key = keyOf(table)
    await sql.unsafe(`
      insert into gone
        select removed.name, id from public.removed_rows removed
        join staging.${table.name} built on built.${key} = id
        where removed.name = '${table.name}' and removed_at >= ${sinceStart}
      union
        select changed.name, id from changed
        join staging.${table.name} on ${table.name}.${key} = id
        where changed.name = '${table.name}' and is_deleted and ${table.name}.${isCarriedOver}
          and not exists (select from public.${table.name} live where live.${key} = id)
      on conflict do nothing;
      ${childrenOf(table)
        .map((child) => {
          const parent = keyOf(table)
          return `insert into gone select '${child.name}', ${keyOf(child)} from staging.${child.name}
            where ${parent} in (select id from gone where name = '${table.name}') on conflict do nothing;`
        })
        .join('')}`)
  }
  const [count] = await sql<{ rows: number }[]>`select count(*)::int as rows from gone`
  if (count?.rows) {
    if (derived.some(({ name }) => name === 'review_totals')) await subtract(sql)
    for (const table of tables.toReversed())
      await sql.unsafe(
        `delete from staging.${table.name} where ${keyOf(table)} in (select id from gone where name = '${table.name}')`,
      )
  }
  await sql`drop table gone`
}

const negative = (column: string): string =>
  `array(select -x from unnest(${column}) with ordinality as counted(x, n) order by n)`

/** Subtracts the reviews and ratings that are gone from the totals, before they are deleted. */
const subtract = async (sql: Sql): Promise<void> => {
  const [ids] = await sql<{ reviews: string; ratings: string }[]>`
    select
      coalesce(array_agg(id) filter (where name = 'reviews'), '{}')::text as reviews,
      coalesce(array_agg(id) filter (where name = 'characteristic_reviews'), '{}')::text as ratings
    from gone`
  await sql`
    update staging.review_totals built set
      ratings = plus(built.ratings, ${sql.unsafe(negative('gone.ratings'))}),
      not_recommended = built.not_recommended - gone.not_recommended,
      recommended = built.recommended - gone.recommended,
      votes = plus(built.votes, ${sql.unsafe(negative('gone.votes'))}),
      totals = plus(built.totals, ${sql.unsafe(negative('gone.totals'))})
    from counted_totals(${ids?.reviews ?? '{}'}::int[], ${ids?.ratings ?? '{}'}::int[]) gone
    where built.product_id = gone.product_id`
}
