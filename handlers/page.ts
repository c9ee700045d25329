import type { Db, Lookup } from './database.ts'

/** SQL: how much text the rows of a page may hold together. More would stop a process, which all share, for too long. */
export const maxPageBytes = '8000000'

/** So many rows that are skipped, in an index alone at best and each looked up at worst, cost what one costs that is shown. */
const skippedPerRow = 10

/** How many rows a key stands for, those that it skips among them. */
export const rowsOfKey = (key: { readonly take?: unknown; readonly skip?: unknown }): number =>
  key.take === undefined ? 1 : Number(key.take) + Number(key.skip ?? 0) / skippedPerRow

/** Whether a key stands for so few rows that it may share a statement with others. */
export const isSmall = (key: object): boolean => rowsOfKey(key) <= 100

/**
 * A page as the lookup of small ones answers it. That has no answer for one whose rows hold much, however few they are:
 * it is asked of the heavy lookup then, as is a large or deep one from the start.
 */
export const getPage = async <Key extends object, Page>(
  db: Db,
  { light, heavy }: { readonly light: Lookup<Key, Page | undefined>; readonly heavy: Lookup<Key, Page> },
  key: Key,
) => (isSmall(key) ? await db.get(light, key) : undefined) ?? (await db.get(heavy, key))
