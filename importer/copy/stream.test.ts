import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import type { Value } from '../columns.ts'
import { copyRows } from './stream.ts'

let database: TestDatabase
let sql: Sql

beforeAll(async () => {
  database = await createDatabase()
  await database.sql`create table target (id int primary key, value text)`
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.sql`truncate target`
  sql = client(database.url, { max: 1 })
})
afterEach(() => sql.end({ timeout: 5 }))

async function* batchesOf(...batches: readonly Value[][][]): AsyncGenerator<Value[][]> {
  for (const batch of batches) yield batch
}

const many = (from: number, count: number): Value[][] =>
  Array.from({ length: count }, (_, index) => [String(from + index), 'x'.repeat(200)])

const stored = async () =>
  (await database.sql`select id, value from target order by id`).map(({ id, value }) => [id, value])

test('keeps every text to the letter, and tells an empty one from null', async () => {
  const value = fc.option(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '\\', '.', 'N', "'", '\t') }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        value.filter((text) => !text?.includes('\0')),
        { minLength: 1 },
      ),
      async (values) => {
        await sql`truncate target`
        await copyRows(sql, 'target', batchesOf(values.map((text, index) => [String(index), text])))
        expect(await stored()).toEqual(values.map((text, index) => [index, text]))
      },
    ),
    { numRuns: 30 },
  )
})

test('sends nothing when there is nothing to send', async () => {
  await copyRows(sql, 'target', batchesOf([], []))
  expect(await stored()).toEqual([])
})

test.each([
  ['a value of the wrong type', [['x', 'a']], /invalid input syntax for type integer: "x"/],
  ['too few values', [['1']], /missing data for column "value"/],
  [
    'a repeated key',
    [
      ['1', 'a'],
      ['1', 'b'],
    ],
    /duplicate key value violates unique constraint "target_pkey"/,
  ],
])("rejects with the server's words when all was sent and the server refuses %s", async (_, rows, words) => {
  await expect(copyRows(sql, 'target', batchesOf(rows))).rejects.toThrow(words)
  expect(await stored()).toEqual([])
})

test("rejects with the server's words when the server refuses a row while more are sent", async () => {
  async function* endless(): AsyncGenerator<Value[][]> {
    yield [['x', 'a']]
    for (let from = 0; ; from += 1000) yield many(from, 1000)
  }
  await expect(copyRows(sql, 'target', endless())).rejects.toThrow(/invalid input syntax/)
  expect(await stored()).toEqual([])
})

test('rejects when the table is not there', async () => {
  await expect(copyRows(sql, 'nowhere', batchesOf([['1', 'a']]))).rejects.toThrow('relation "nowhere" does not exist')
})

test('rejects when the rows end in an error, and stores none of them', async () => {
  async function* failing(): AsyncGenerator<Value[][]> {
    yield many(0, 1000)
    throw new Error('The disk is gone.')
  }
  await expect(copyRows(sql, 'target', failing())).rejects.toThrow('The disk is gone.')
  await sql.end({ timeout: 5 })
  expect(await stored()).toEqual([])
})

test('rejects when the connection is lost', async () => {
  const [own] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  async function* interrupted(): AsyncGenerator<Value[][]> {
    yield many(0, 1000)
    await database.sql`select pg_terminate_backend(${own?.pid ?? 0})`
    for (let from = 1000; ; from += 1000) yield many(from, 1000)
  }
  await expect(copyRows(sql, 'target', interrupted())).rejects.toThrow(
    /terminating connection|CONNECTION|ECONNRESET|EPIPE|closed|socket/i,
  )
  expect(await stored()).toEqual([])
})
