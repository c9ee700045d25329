import type { Db, Lookup } from './database.ts'

/** The maximum size in bytes of a page, as SQL. Larger ones would block the process for too long. */
export const maxPageBytes = '8000000'

/** The number of skipped rows that cost as much as one that is shown: most are skipped within an index. */
const skippedPerRow = 10

/** The cost of a key, in rows that are shown; skipped rows count as a fraction. */
export const costInRows = (key: { readonly take?: unknown; readonly skip?: unknown }): number =>
  key.take === undefined ? 1 : Number(key.take) + Number(key.skip ?? 0) / skippedPerRow

/** True if a key is cheap enough to be batched with others. */
export const isSmall = (key: object): boolean => costInRows(key) <= 100

/**
 * Reads a page from the light lookup, or from the heavy one if it is large or deep. The light lookup has no answer for
 * a page whose few rows hold much text; the heavy one reads that, too.
 */
export const getPage = async <Key extends object, Page>(
  db: Db,
  { light, heavy }: { readonly light: Lookup<Key, Page | undefined>; readonly heavy: Lookup<Key, Page> },
  key: Key,
) => (isSmall(key) ? await db.get(light, key) : undefined) ?? (await db.get(heavy, key))
