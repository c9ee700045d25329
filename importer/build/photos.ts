import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import type { Step } from './cloneTables.ts'
import { keyOf } from '../tables/table.ts'
import type { PhotoColumns } from '../tables/index.ts'

/**
 * Steps that copy photos into the rows that show them; carried-over rows, told apart by xmin, have steps of their own.
 */
export const photoSteps = async (live: Sql, { photoColumns, isFresh }: Plan): Promise<Step[]> => {
  const steps = photoColumns.map((columns) => ({ name: `photos of ${columns.of.name}`, sql: fill(columns, 'not in') }))
  for (const columns of isFresh ? [] : photoColumns) {
    const { name } = columns.of
    const [state] = await live.unsafe<{ has_rows: boolean }[]>(`select exists (select from public.${name}) as has_rows`)
    if (state?.has_rows)
      steps.push({ name: `carry over photos of ${name}`, sql: `${fill(columns, 'in')}; ${clear(columns)}` })
  }
  return steps
}

const carriedOver = `(select xid from steps where name like 'carry over %')`

const fill = ({ of: table, view }: PhotoColumns, isCarriedOver: 'in' | 'not in'): string => {
  const { name, photoColumns = [] } = table
  return `
    update ${name} set ${photoColumns.map((column) => `${column} = shown.${column}`).join(', ')}
    from ${view} shown
    where shown.${keyOf(table)} = ${name}.${keyOf(table)} and ${name}.xmin ${isCarriedOver} ${carriedOver}
      and ${name}.${photoColumns[0]}::text is distinct from shown.${photoColumns[0]}::text`
}

/** Empties the photo columns of carried-over rows that have lost their photos; a row of a file starts without any. */
const clear = ({ of: table, shows }: PhotoColumns): string => {
  const { name, photoColumns = [] } = table
  return `
    update ${name} set ${photoColumns.map((column) => `${column} = '[]'`).join(', ')}
    where ${name}.xmin in ${carriedOver} and ${photoColumns[0]}::text is distinct from '[]'
      and not exists (select from ${shows.name} shown where shown.${keyOf(table)} = ${name}.${keyOf(table)})`
}
