import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import { keyOf, type Table } from '../tables/table.ts'
import type { Step } from './cloneTables.ts'

/** The steps that carry over the live rows that no file names. Parents go first: their rows may have another product now. */
export const carryOverSteps = async (sql: Sql, { tables }: Plan): Promise<Step[]> => {
  const steps: Step[] = []
  for (const table of tables) {
    const key = keyOf(table)
    const missing = `not exists (select from staging.${table.name} named where named.${key} = live.${key})`
    const columns = await columnsIn(sql, table)
    steps.push({ name: `carry over ${table.name}`, sql: carryOver(table, columns, tables, missing) })
  }
  return steps
}

/** Inserts live rows for which a condition holds, with the product that their parent has now. */
export const carryOver = (
  table: Table,
  columns: readonly string[],
  built: readonly Table[],
  condition: string,
): string => {
  const { owner } = table
  const follows = owner !== undefined && built.includes(owner)
  const values = columns.map((name) => (follows && name === 'product_id' ? 'owner.product_id' : `live.${name}`))
  const join = follows ? ` join staging.${owner.name} owner on owner.${keyOf(owner)} = live.${keyOf(owner)}` : ''
  return `
    insert into staging.${table.name} (${columns.join(', ')})
    select ${values.join(', ')} from public.${table.name} live${join} where ${condition}`
}

/** The columns of a table, the id first. */
export const columnsIn = async (sql: Sql, { name }: Table): Promise<string[]> => {
  const rows = await sql<{ attname: string }[]>`
    select attname from pg_attribute
    where attrelid = ${`public.${name}`}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum`
  return rows.map(({ attname }) => attname)
}
