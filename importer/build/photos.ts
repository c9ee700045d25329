import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import type { Step } from './cloneTables.ts'
import { keyOf } from '../tables/table.ts'
import type { Album } from '../tables/index.ts'

/** What puts together what rows show of others. Rows that were kept go by themselves, as what is kept is known by its steps. */
export const albumsOf = async (live: Sql, { albums, isFresh }: Plan): Promise<Step[]> => {
  const steps = albums.map((album) => ({ name: `gather ${album.of.name}`, sql: fill(album, 'not in') }))
  for (const album of isFresh ? [] : albums) {
    const { name } = album.of
    const [state] = await live.unsafe<{ full: boolean }[]>(`select exists (select from public.${name}) as full`)
    if (state?.full) steps.push({ name: `keep gathered ${name}`, sql: `${fill(album, 'in')}; ${empty(album)}` })
  }
  return steps
}

const kept = `(select xid from steps where name like 'keep %')`

const fill = ({ of: table, view }: Album, isKept: 'in' | 'not in'): string => {
  const { name, albums = [] } = table
  return `
    update ${name} set ${albums.map((column) => `${column} = album.${column}`).join(', ')}
    from ${view} album
    where album.${keyOf(table)} = ${name}.${keyOf(table)} and ${name}.xmin ${isKept} ${kept}
      and ${name}.${albums[0]}::text is distinct from album.${albums[0]}::text`
}

/** For kept rows whose photos belong to others by now; a row of a file has none until it is filled. */
const empty = ({ of: table, shows }: Album): string => {
  const { name, albums = [] } = table
  return `
    update ${name} set ${albums.map((column) => `${column} = '[]'`).join(', ')}
    where ${name}.xmin in ${kept} and ${albums[0]}::text is distinct from '[]'
      and not exists (select from ${shows.name} shown where shown.${keyOf(table)} = ${name}.${keyOf(table)})`
}
