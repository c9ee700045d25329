import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import { keyOf, type Table } from '../tables/table.ts'
import type { Step } from './cloneTables.ts'

/** Steps that carry over the live rows that are in no file. Parents go first, as their rows can have a new product. */
export const carryOverSteps = async (sql: Sql, { tables }: Plan): Promise<Step[]> => {
  const steps: Step[] = []
  for (const table of tables) {
    const key = keyOf(table)
    const missing = `not exists (select from staging.${table.name} named where named.${key} = live.${key})`
    const columns = await readColumns(sql, table)
    steps.push({ name: `carry over ${table.name}`, sql: carryOver(table, columns, tables, missing) })
  }
  return steps
}

/** SQL that copies the live rows for which a condition holds, with the new product of their parent. */
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

/** The names of a table's columns, the id first, without generated ones. */
export const readColumns = async (sql: Sql, { name }: Table): Promise<string[]> => {
  const rows = await sql<{ attname: string }[]>`
    select attname from pg_attribute
    where attrelid = ${`public.${name}`}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum`
  return rows.map(({ attname }) => attname)
}
