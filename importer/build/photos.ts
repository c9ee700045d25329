import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import type { Step } from './cloneTables.ts'
import { keyOf } from '../tables/table.ts'
import type { PhotoColumns } from '../tables/index.ts'

/** The steps that put photos into the rows that show them. Rows carried over have their own, as their steps' xids tell them apart. */
export const photoSteps = async (live: Sql, { photoColumns, isFresh }: Plan): Promise<Step[]> => {
  const steps = photoColumns.map((shown) => ({ name: `photos of ${shown.of.name}`, sql: fill(shown, 'not in') }))
  for (const shown of isFresh ? [] : photoColumns) {
    const { name } = shown.of
    const [state] = await live.unsafe<{ full: boolean }[]>(`select exists (select from public.${name}) as full`)
    if (state?.full) steps.push({ name: `carry over photos of ${name}`, sql: `${fill(shown, 'in')}; ${empty(shown)}` })
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

/** For rows carried over whose photos belong to others by now; a row of a file has none until it is filled. */
const empty = ({ of: table, shows }: PhotoColumns): string => {
  const { name, photoColumns = [] } = table
  return `
    update ${name} set ${photoColumns.map((column) => `${column} = '[]'`).join(', ')}
    where ${name}.xmin in ${carriedOver} and ${photoColumns[0]}::text is distinct from '[]'
      and not exists (select from ${shows.name} shown where shown.${keyOf(table)} = ${name}.${keyOf(table)})`
}
