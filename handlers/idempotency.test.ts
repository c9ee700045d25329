import { expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { command, type Db } from './database.ts'
import { IdempotencyKeyReused, withIdempotencyKey } from './idempotency.ts'

const fixture = useFixture()

const key = { idempotency_key: 'one', fingerprint: 'f' }
const doubled =
  'with doubled as (select n, value * 2 as answer from keys) select n, to_json(answer) as answer from doubled'
const commandOf = (sql = doubled) => command({ value: 'int' })<number>`${sql}`

test.each([
  doubled,
  doubled.toUpperCase().replaceAll('ANSWER', 'answer'),
  `with texts as (select n, 'it''s a ( select' as word, value * 2 as answer from keys)
   select n, to_json(answer) as answer from texts where word <> ') select ('`,
  `with "a ( select" as (select n, value * 2 as "a ) select" from keys)
   select n, to_json("a ) select") as answer from "a ( select"`,
  `with doubled as (
     -- a ( select that is none
     select n, value * 2 as answer from keys
   )
   select n, to_json(answer) as answer from doubled -- ) select`,
  doubled.replace('to_json(answer)', '(select to_json(answer))'),
  `with changed as (
     update reviews set helpfulness = value * 2 from keys where review_id = 1 returning n, helpfulness
   )
   select n, to_json(helpfulness) as answer from changed`,
])('runs once for a key, and gives the first answer from then on: %s', async (sql) => {
  const double = commandOf(sql)
  for (const isReplay of [false, true, true]) {
    const once = withIdempotencyKey(fixture.db, key)
    expect(once.isReplay()).toBe(false)
    expect(await once.db.run(double, { value: 21 })).toBe(42)
    expect(once.isReplay()).toBe(isReplay)
  }
})

test('keeps that there is no answer, too', async () => {
  const nothing = commandOf(doubled.replace('from keys', 'from keys where false'))
  for (const isReplay of [false, true]) {
    const once = withIdempotencyKey(fixture.db, key)
    expect(await once.db.run(nothing, { value: 21 })).toBeUndefined()
    expect(once.isReplay()).toBe(isReplay)
  }
})

test('refuses a key that stands for something else', async () => {
  const double = commandOf()
  await withIdempotencyKey(fixture.db, key).db.run(double, { value: 21 })
  const other = withIdempotencyKey(fixture.db, { ...key, fingerprint: 'g' })
  const error = await other.db.run(double, { value: 21 }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(IdempotencyKeyReused)
  expect(String(error)).toBe('IdempotencyKeyReused')
})

/** A database whose first command fails, and the statements that it gets. */
const failingOnce = (error: unknown) => {
  const statements: object[] = []
  const run = async (statement: object) => {
    if (statements.push(statement) === 1) throw error
    return { answer: 42, is_replay: true, is_reused: false }
  }
  return { db: { run } as unknown as Db, statements }
}
const violation = (code: string, constraint: string) =>
  Object.assign(new Error(`duplicate key value violates unique constraint "${constraint}"`), { code })

test('asks again, by the same statement, where a twin stored the key meanwhile', async () => {
  const { db, statements } = failingOnce(violation('23505', 'idempotency_keys_pkey'))
  const double = commandOf()
  const once = withIdempotencyKey(db, key)
  expect(await once.db.run(double, { value: 21 })).toBe(42)
  expect(once.isReplay()).toBe(true)
  await withIdempotencyKey(db, { ...key, idempotency_key: 'two' }).db.run(double, { value: 21 })
  expect(statements).toHaveLength(3)
  expect(new Set(statements).size).toBe(1)
})

test.each([
  violation('23505', 'reviews_pkey'),
  violation('23514', 'idempotency_keys_pkey'),
  new Error('out of memory'),
])('passes any other failure on, and does not ask again: %s', async (error) => {
  const { db, statements } = failingOnce(error)
  await expect(withIdempotencyKey(db, key).db.run(commandOf(), { value: 21 })).rejects.toBe(error)
  expect(statements).toHaveLength(1)
})
