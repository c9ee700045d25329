import fc from 'fast-check'
import { beforeAll, expect } from 'vitest'
import type { Sql } from '../../db/client.ts'
import { useFixture } from '../../db/test/database.ts'
import type { Db } from '../database.ts'
import { call, type Name } from './call.ts'

/** A row by what lists are sorted and filtered by. */
export type Row = { readonly id: number; readonly rank: number; readonly day: number; readonly reported: boolean }

/** Rows in any order of their ids, of which many have the same rank and day. */
const rows: fc.Arbitrary<readonly Row[]> = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 2000, max: 2060 }),
    rank: fc.nat(2),
    day: fc.integer({ min: 1, max: 3 }),
    reported: fc.constantFrom(false, false, false, true),
  }),
  { selector: ({ id }) => id, minLength: 2, maxLength: 25 },
)

/**
 * Rows, and how many are on a page: few of few, or more than go together with others, of as many that there are
 * several.
 */
const pages = fc.oneof(
  fc.tuple(rows, fc.integer({ min: 1, max: 12 })),
  fc.tuple(
    rows.map((rows) =>
      Array.from({ length: 15 }, (_, n) => rows.map((row) => ({ ...row, id: row.id + 100 * ((n * 7) % 15) }))).flat(),
    ),
    fc.integer({ min: 101, max: 150 }),
  ),
)

/** Ids sorted by one field after another, each ascending, or descending where it has a minus. */
export const sortIds = (rows: readonly Row[], ...fields: readonly string[]): number[] => {
  const compare = (one: Row, other: Row): number => {
    for (const field of fields) {
      const name = field.replace('-', '') as keyof Row
      const difference = Number(one[name]) - Number(other[name])
      if (difference !== 0) return field === name ? difference : -difference
    }
    return 0
  }
  return rows.toSorted(compare).map(({ id }) => id)
}

type Shop = {
  readonly db: Db
  readonly sql: Sql
  readonly insert: (table: string, rows: readonly object[]) => Promise<void>
  readonly shownBy: (name: Name, input: object) => Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Checks a property for many rows, each time on the fixture as it was. */
  readonly check: (property: (rows: readonly Row[]) => Promise<void>) => Promise<void>
  /** The same, for pages of some size. */
  readonly checkPages: (property: (rows: readonly Row[], count: number) => Promise<void>) => Promise<void>
}

/** The fixture, read without the indexes whose order would hide that a statement gives none. */
export const useTies = (): Shop => {
  const fixture = useFixture()
  beforeAll(async () => {
    await fixture.sql`set enable_indexscan = off`
    await fixture.sql`set enable_bitmapscan = off`
  })
  const apart =
    <Inputs extends unknown[]>(property: (...inputs: Inputs) => Promise<void>) =>
    async (...inputs: Inputs) => {
      await fixture.sql`savepoint before`
      try {
        await property(...inputs)
      } finally {
        await fixture.sql`rollback to savepoint before`
      }
    }
  return {
    get db() {
      return fixture.db
    },
    get sql() {
      return fixture.sql
    },
    insert: async (table, rows) => {
      const columns = Object.keys(rows[0] ?? {}).join(', ')
      await fixture.sql.unsafe(
        `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows)],
      )
    },
    shownBy: async (name, input) => {
      const answer = await call(fixture.db, name, input)
      return Array.isArray(answer) ? answer : (answer as { results: [] }).results
    },
    check: (property) => fc.assert(fc.asyncProperty(rows, apart(property)), { numRuns: 20 }),
    checkPages: (property) =>
      fc.assert(
        fc.asyncProperty(pages, ([rows, count]) => apart(property)(rows, count)),
        { numRuns: 20 },
      ),
  }
}

/** Expects a list to be these ids, as a whole and when its pages are put one after another. */
export const expectList = async (
  list: (page: { readonly page: number; readonly count: number }) => Promise<readonly unknown[]>,
  ids: readonly number[],
  count: number,
): Promise<void> => {
  expect(await list({ page: 1, count: 5000 })).toEqual(ids)
  const pages: unknown[][] = []
  for (let page = 1; page <= Math.ceil(ids.length / count) + 1; page += 1)
    pages.push([...(await list({ page, count }))])
  expect(pages.flat()).toEqual(ids)
  expect(pages.slice(0, -2).every((page) => page.length === count)).toBe(true)
}
