import type { Table } from '../tables/table.ts'
import { tables } from '../tables/index.ts'

/** The names that files may have, lower case and without `.gz`, with their tables; parents come first. */
export const fileNames = tables.flatMap((table: Table) => table.files.map((name) => ({ name, table })))

/** A file name in lower case and without `.gz`. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/\.gz$/, '')

/** A sentence that says why a file is left out, with its likely right name. */
export const explainLeftOut = (name: string): string => {
  const suggestion = nearestName(name)
  if (suggestion === undefined) return `${name} is left out: no file that can be imported has this name.`
  if (/\.(xlsx?|ods|numbers)$/i.test(name)) return `${name} is left out: save the sheet as CSV, named ${suggestion}.`
  if (/\.(zip|bz2|xz|zst|7z|tar|tgz)$/i.test(name))
    return `${name} is left out: unpack it, or pack it with gzip as ${suggestion}.gz.`
  return `${name} is left out: did you mean ${suggestion}?`
}

/** The most similar file name, if any is within two edits. */
const nearestName = (name: string): string | undefined => {
  const stem = toStem(name)
  const ranked = fileNames
    .map(({ name: candidate }) => ({ candidate, stem: toStem(candidate) }))
    .map((each) => ({ ...each, distance: stem.startsWith(`${each.stem}_`) ? 1 : editDistance(stem, each.stem) }))
    .filter((each) => each.distance <= Math.min(2, each.stem.length / 3))
    .toSorted((a, b) => a.distance - b.distance || b.stem.length - a.stem.length)
  return ranked[0]?.candidate
}

/** The name up to its first dot, as letters and underscores: `reviews` of `Reviews (1).csv`. */
const toStem = (name: string): string =>
  (name.toLowerCase().split('.', 1)[0] ?? '').replaceAll(/[^a-z]+/g, '_').replaceAll(/^_|_$/g, '')

/** The Levenshtein distance of two words. */
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
