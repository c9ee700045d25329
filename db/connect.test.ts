import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client, type Sql } from './client.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'

let own: TestDatabase
let sql: Sql

beforeAll(async () => {
  own = await createDatabase()
  await own.sql`do $$ begin execute format('alter database %I set DateStyle = German', current_database()); end $$`
  sql = client(own.url, { max: 1 })
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await own.drop()
})

test('a day is its midnight in UTC as ISO 8601 has it, whatever style the server writes days in', async () => {
  const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(days, async (date) => {
      const day = date.toISOString().slice(0, 10)
      expect(await sql`select midnight(${day}::text::date) as text`).toEqual([{ text: `${day}T00:00:00.000Z` }])
    }),
  )
})
