import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { command, lookup } from '../../handlers/database.ts'
import { type Endpoint, run } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { createTestDb, stub, type TestDb } from './index.ts'

let shop: TestDb
beforeAll(async () => {
  shop = await createTestDb({
    setup: 'create table wishes (wish_id serial, text text); insert into wishes (text) values (null)',
  })
})
afterEach(() => shop.rollback())
afterAll(() => shop.close())

test('every operation answers its example in process', async () => {
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const answer = await run(endpoint as Endpoint, shop.db, endpoint.example)
    expect(answer instanceof Error || (answer as { code?: string } | undefined)?.code, name).toBeFalsy()
  }
})

test.each([1, 2])('finds the shop as it was, and ids as they were given (%i)', async () => {
  expect(await shop.sql`select count(*)::int as n from reviews`).toEqual([{ n: 6 }])
  await run(endpoints.addReview, shop.db, endpoints.addReview.example)
  expect(await shop.sql`select max(review_id) as id from reviews`).toEqual([{ id: 1000 }])
  expect(await shop.sql`insert into wishes (text) values (${'a hat'}) returning *`).toEqual([
    { wish_id: 2, text: 'a hat' },
  ])
})

test('a statement that fails undoes itself alone, also beside others', async () => {
  const [, failed] = await Promise.allSettled([
    shop.sql`insert into wishes (text) values ('one')`,
    shop.sql`select 1 / 0`,
    shop.sql`insert into wishes (text) values ('two')`,
  ])
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'division by zero' } })
  expect(await shop.sql`select text from wishes order by wish_id`).toEqual([
    { text: null },
    { text: 'one' },
    { text: 'two' },
  ])
})

test('a savepoint of the test itself holds', async () => {
  await shop.sql`savepoint mine`
  await shop.sql`delete from wishes`
  await shop.sql`rollback to savepoint mine`
  expect(await shop.sql`select text from wishes`).toEqual([{ text: null }])
})

const nameOf = lookup({ product_id: 'int' })<{ name: string }>`select $keys`
const rename = command({ product_id: 'int', name: 'text' })<{ product_id: number } | undefined>`select`

test('a stub answers with values, and with functions of the key', async () => {
  const db = stub([nameOf, { name: 'Parka' }], [rename, (key) => ({ product_id: key.product_id })])
  expect(await db.get(nameOf, { product_id: 1 })).toBe('{"name":"Parka"}')
  expect(await db.run(rename, { product_id: 7, name: 'Coat' })).toEqual({ product_id: 7 })
  expect(await stub([nameOf, undefined]).get(nameOf, { product_id: 1 })).toBeUndefined()
})

test('a stub says what it was asked and has no answer for', async () => {
  await expect(stub([nameOf, undefined]).run(rename, { product_id: 7, name: 'Coat' })).rejects.toThrow(
    [
      'The stub has no answer for this command: select',
      'asked with {"product_id":7,"name":"Coat"}.',
      'It has answers for:',
      'lookup: select $keys',
    ].join('\n'),
  )
})

test('a stub does not compile with an answer or a key that is none', () => {
  // @ts-expect-error: a wrong answer
  stub([nameOf, { name: 1 }])
  // @ts-expect-error: a wrong answer of the second
  stub([nameOf, undefined], [rename, { product_id: 'one' }])
  // @ts-expect-error: a column that the key lacks
  stub([nameOf, ({ style_id }) => ({ name: String(style_id) })])
})
