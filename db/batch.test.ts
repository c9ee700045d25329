import { afterAll, beforeAll, expect, test } from 'vitest'
import { command, counter, type Db, heavyLookup, lookup, Unavailable } from '../handlers/database.ts'
import { client, type Sql } from './client.ts'
import { batch } from './batch.ts'
import { createPool, type Pool } from './pool/pool.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'

let own: TestDatabase
let pool: Pool
let heavy: Pool
let db: Db
let statements: string[]

beforeAll(async () => {
  own = await createDatabase()
  await own.sql`create table counted (id int primary key, times int not null default 0)`
  await own.sql`insert into counted select generate_series(1, 10)`
  const open = (onclose: () => void): Sql =>
    client(own.url, { max: 1, onclose, debug: (_connection, text) => statements.push(text) })
  const limits = { queue: 10_000, acquireTimeoutMs: 10_000, queryTimeoutMs: 10_000 }
  pool = createPool(open, { size: 2, ...limits })
  heavy = createPool(open, { size: 1, ...limits })
  db = batch({ reads: pool, heavy, writes: pool, counts: pool })
  statements = []
})
afterAll(async () => {
  await pool.end()
  await heavy.end()
  await own.drop()
})

/** The statements that a task sends, by what they hold. */
const sentBy = async (task: () => Promise<unknown>, mark: string): Promise<number> => {
  statements = []
  await task()
  return statements.filter((text) => text.includes(mark)).length
}

const twice = lookup({
  value: 'int',
})<number>`select key, to_json(key * 2) as answer from unnest($keys) as key /* twice */`
const inverse = lookup({ value: 'int' })<number>`
  select key, to_json(100 / key) as answer from unnest($keys) as key /* inverse */`
const list = lookup({ id: 'int' }, { take: 'int' })<number>`
  select key, to_json($take) as answer from unnest($keys) as key /* list */`
const add = counter({ id: 'int' })<number | undefined>`
  with totals as (select id, count(*) as more from keys group by id),
  changed as (
    update counted set times = times + more from totals where counted.id = totals.id returning counted.id, times
  )
  select n, to_json(times) as answer from keys join changed using (id) /* add */`
const insert = command({ id: 'int' })<number>`
  with added as (insert into counted (id) select id from keys returning id)
  select n, to_json(id) as answer from keys join added using (id) /* insert */`

test('keys that are asked at once go out as one statement, and each gets its own answer', async () => {
  const values = Array.from({ length: 40 }, (_, index) => index)
  let answers: unknown[] = []
  const sent = await sentBy(async () => {
    answers = await Promise.all(values.map((value) => db.get(twice, { value })))
  }, 'twice')
  expect(sent).toBe(1)
  expect(answers.map(Number)).toEqual(values.map((value) => value * 2))
})

test('a key that is asked many times at once is asked once', async () => {
  const echo = lookup({ value: 'int' })<number>`
    select key, to_json(cardinality($keys)) as answer from unnest($keys) as key /* echo */`
  const answers = await Promise.all(Array.from({ length: 50 }, () => db.get(echo, { value: 7 })))
  expect(new Set(answers)).toEqual(new Set(['1']))
})

test('one bad key fails alone', async () => {
  const answers = await Promise.allSettled([1, 0, 4].map((value) => db.get(inverse, { value })))
  expect(answers).toMatchObject([
    { status: 'fulfilled', value: '100' },
    { status: 'rejected', reason: { message: 'division by zero' } },
    { status: 'fulfilled', value: '25' },
  ])
})

test('keys with the same scalars go out together, and others do not join them', async () => {
  const product = lookup({ value: 'bigint' }, { factor: 'int', unit: 'text', exact: 'boolean', tags: 'json' })<object>`
    select key, json_build_array(key * $factor, $unit, $exact, $tags) as answer from unnest($keys) as key /* product */`
  const ask = (value: number, factor: number) =>
    db.get(product, { value, factor, unit: '"cm\\"', exact: true, tags: { a: [`${factor}`] } })
  let answers: unknown[] = []
  const sent = await sentBy(async () => {
    answers = await Promise.all([ask(1, 2), ask(2 ** 40, 2), ask(1, 3), ask(5, 2)])
  }, 'product')
  expect(sent).toBe(2)
  expect(answers.map((answer) => JSON.parse(String(answer)))).toEqual([
    [2, '"cm\\"', true, { a: ['2'] }],
    [2 ** 41, '"cm\\"', true, { a: ['2'] }],
    [3, '"cm\\"', true, { a: ['3'] }],
    [10, '"cm\\"', true, { a: ['2'] }],
  ])
})

test('many pages that nobody else asks for do not hold up the page that most ask for', async () => {
  const slow = lookup({ id: 'int' }, { skip: 'int' })<number>`
    select key, to_json($skip) as answer from unnest($keys) as key, (select pg_sleep(0.005)) slept`
  const done: string[] = []
  const ask = (name: string, id: number, skip: number) => db.get(slow, { id, skip }).then(() => done.push(name))
  const odd = Array.from({ length: 200 }, (_, index) => ask('odd', index, 1 + index))
  const common = Array.from({ length: 40 }, (_, index) => ask('common', index, 0))
  await Promise.all([...odd, ...common])
  expect(done.lastIndexOf('common')).toBeLessThan(50)
})

test('a large page goes alone, and small ones together', async () => {
  const sent = await sentBy(
    () => Promise.all([5, 5000, 5, 2000, 5].map((take, id) => db.get(list, { id, take }))),
    'list',
  )
  expect(sent).toBe(3)
})

test('small ones never wait behind large pages', async () => {
  const slow = lookup({ id: 'int' }, { take: 'int' })<number>`
    select key, to_json($take) as answer from unnest($keys) as key, pg_sleep(case when $take > 100 then 1 else 0 end)`
  const order: number[] = []
  const ask = async (take: number) => {
    await db.get(slow, { id: 1, take })
    order.push(take)
  }
  await Promise.all([ask(5000), ask(4000), ask(1)])
  expect(order[0]).toBe(1)
})

test('a deep page goes alone, and none waits behind it', async () => {
  const page = lookup({ id: 'int' }, { skip: 'int', take: 'int' })<number>`
    select key, to_json($skip + $take) as answer
    from unnest($keys) as key, pg_sleep(case when $skip > 1000 then 1 else 0 end) /* page */`
  const order: number[] = []
  const ask = async (skip: number) => {
    await db.get(page, { id: 1, skip, take: 5 })
    order.push(skip)
  }
  expect(await sentBy(() => Promise.all([ask(200_000), ask(100_000), ask(0), ask(0)]), 'page')).toBe(3)
  expect(order.slice(0, 2)).toEqual([0, 0])
})

test('what is declared heavy goes alone, and no row of it means that the answer would be too large', async () => {
  const large = heavyLookup({ value: 'int' })<number>`
    select key, to_json(key) as answer from unnest($keys) as key where key < 10 /* large */`
  expect(await sentBy(() => Promise.all([1, 2, 3].map((value) => db.get(large, { value }))), 'large')).toBe(3)
  await expect(db.get(large, { value: 10 })).rejects.toBeInstanceOf(Unavailable)
})

test('many heavy keys of one product keep those of another waiting for one of them', async () => {
  const slow = heavyLookup({ product_id: 'int' }, { page: 'int' })<number>`
    select key, to_json($page) as answer from unnest($keys) as key, pg_sleep(0.02)`
  const order: number[] = []
  const ask = async (product_id: number, page: number) => {
    await db.get(slow, { product_id, page })
    order.push(product_id)
  }
  const pages = Array.from({ length: 10 }, (_, page) => page)
  await Promise.all([...pages.map((page) => ask(1, page)), ...pages.map((page) => ask(2, page)), ask(3, 0)])
  expect(order.slice(0, 3)).toEqual([1, 2, 3])
})

test('a lookup that is null for a key, or has no row of it, has no answer to it', async () => {
  const some = lookup({ value: 'int' })<number>`
    select key, case when key > 1 then to_json(key) end as answer from unnest($keys) as key where key < 3`
  expect(await Promise.all([1, 2, 3].map((value) => db.get(some, { value })))).toEqual([undefined, '2', undefined])
})

test('a batch takes so many keys and no more', async () => {
  const values = Array.from({ length: 100 }, (_, index) => index)
  expect(await sentBy(() => Promise.all(values.map((value) => db.get(twice, { value }))), 'twice')).toBe(3)
})

test('increments of one row are batched, and none is lost', async () => {
  const sent = await sentBy(() => Promise.all(Array.from({ length: 100 }, () => db.run(add, { id: 1 }))), 'add')
  expect(sent).toBe(3)
  expect(await own.sql`select times from counted where id = 1`).toEqual([{ times: 100 }])
})

test('an increment of a row that is not there is undefined, beside others that are', async () => {
  const answers = await Promise.all([2, 99, 3].map((id) => db.run(add, { id })))
  expect(answers).toEqual([1, undefined, 1])
})

test('commands are never batched', async () => {
  expect(await sentBy(() => Promise.all([20, 21, 22].map((id) => db.run(insert, { id }))), 'insert')).toBe(3)
})

test('an answer that was asked for after a write shows the write', async () => {
  const timesOf = lookup({ id: 'int' })<number>`
    select id as key, to_json(times) as answer from counted where id = any($keys)`
  for (let times = 1; times <= 100; times += 1) {
    const others = Promise.all([1, 2, 3].map((id) => db.get(timesOf, { id })))
    await db.run(add, { id: 4 })
    expect(Number(await db.get(timesOf, { id: 4 }))).toBe(times)
    await others
  }
})
