import { expect, test } from 'vitest'
import { type Db, heavyLookup, lookup } from './database.ts'
import { getPage } from './page.ts'

type Key = { readonly product_id: number; readonly take?: number; readonly skip?: number }

const columns = { product_id: 'int' } as const
const light = lookup(columns)<string>`light $keys`
const heavy = heavyLookup(columns)<string>`heavy $keys`

/** The statements that a page is looked up by, in order, if the light one has no answer for it. */
const lookupsOf = async (key: Key, answer?: string) => {
  const asked: string[] = []
  const get = async ({ sql }: { readonly sql: string }) => {
    const [name] = sql.split(' ')
    asked.push(name as string)
    return name === 'light' ? answer : 'page'
  }
  const page = await getPage({ get } as unknown as Db, { light, heavy }, key)
  expect(page).toBe(asked.at(-1) === 'light' ? answer : 'page')
  return asked
}

test.each([{ take: 5, skip: 0 }, { take: 100, skip: 0 }, { take: 5, skip: 950 }, { take: 100 }, {}])(
  'a page of few rows that is not deep, %j, is read lightly',
  async (rows) => {
    expect(await lookupsOf({ product_id: 1, ...rows }, 'page')).toEqual(['light'])
  },
)

test.each([{ take: 101, skip: 0 }, { take: 5, skip: 951 }, { take: 101 }])(
  'a page that is large or deep, %j, is read by the heavy lookup at once',
  async (rows) => {
    expect(await lookupsOf({ product_id: 1, ...rows }, 'page')).toEqual(['heavy'])
  },
)

test('a page whose few rows hold too much text for the light lookup is read by the heavy one', async () => {
  expect(await lookupsOf({ product_id: 1, take: 5, skip: 0 })).toEqual(['light', 'heavy'])
})
