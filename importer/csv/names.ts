import type { Table } from '../tables/table.ts'
import { tables } from '../tables/index.ts'

/** What files may be called, in lower case and unpacked, with their tables: parents before their children. */
export const fileNames = tables.flatMap((table: Table) => table.files.map((name) => ({ name, table })))

/** A name without regard to case, and to being packed. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.gz$/, '')

/** Says why an entry of a folder is left out, and what it might be. */
export const whyLeftOut = (name: string): string => {
  const right = nearestName(name)
  if (right === undefined) return `${name} is left out: no file that can be imported has this name.`
  if (/\.(xlsx?|ods|numbers)$/i.test(name)) return `${name} is left out: save the sheet as CSV, named ${right}.`
  if (/\.(zip|bz2|xz|zst|7z|tar|tgz)$/i.test(name))
    return `${name} is left out: unpack it, or pack it with gzip as ${right}.gz.`
  return `${name} is left out: did you mean ${right}?`
}

/** The file that a name is most like, if it is like any. */
const nearestName = (name: string): string | undefined => {
  const stem = stemOf(name)
  const ranked = fileNames
    .map(({ name: known }) => ({ known, stem: stemOf(known) }))
    .map((known) => ({ ...known, distance: stem.startsWith(`${known.stem}_`) ? 1 : editDistance(stem, known.stem) }))
    .filter(({ stem: known, distance }) => distance <= Math.min(2, known.length / 3))
    .toSorted((a, b) => a.distance - b.distance || b.stem.length - a.stem.length)
  return ranked[0]?.known
}

/** What a name is up to its ending: `reviews` of `Reviews (1).csv`. */
const stemOf = (name: string): string =>
  (name.toLowerCase().split('.', 1)[0] ?? '').replaceAll(/[^a-z]+/g, '_').replaceAll(/^_|_$/g, '')

/** How many letters must be added, removed or replaced to make one word of another. */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
    }
    row = next
  }
  return row[to.length] ?? 0
}
