import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { client } from './client.ts'
import { migrate } from './migrate.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createDatabase()
})
afterEach(() => database.drop())

const migrateAlone = async () => {
  const sql = client(database.url, { max: 1 })
  try {
    return await migrate(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
const empty = () => database.sql`drop schema public cascade; create schema public`.simple()
const files = async () => (await readdir(new URL('../migrations/', import.meta.url))).toSorted()

test('applies every file, in order, once', async () => {
  await empty()
  expect(await migrateAlone()).toEqual(await files())
  expect(await migrateAlone()).toEqual([])
})

test('several nodes that start at once apply each file once between them', async () => {
  await empty()
  const applied = await Promise.all([migrateAlone(), migrateAlone(), migrateAlone(), migrateAlone()])
  expect(applied.flat().toSorted()).toEqual(await files())
})

test('refuses a file that was changed after it was applied', async () => {
  await database.sql`update migrations set checksum = 'other' where name = '0001_products.sql'`
  await expect(migrateAlone()).rejects.toThrow(/0001_products.sql was changed after it was applied: restore/)
})

test('refuses a database that a newer version has migrated', async () => {
  await database.sql`insert into migrations (name, checksum) values ('9999_later.sql', 'x')`
  await expect(migrateAlone()).rejects.toThrow(/9999_later.sql, which this version does not know/)
})

test('leaves nothing of a file that fails', async () => {
  await empty()
  await database.sql`create table reviews ()`
  await expect(migrateAlone()).rejects.toThrow(/"reviews" already exists/)
  expect(await database.sql`select name from migrations`).toEqual([{ name: '0001_products.sql' }])
})
