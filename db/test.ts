import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest'
import type { Db } from '../handlers/database.ts'
import { client, type Sql } from './client.ts'
import { database } from './connect.ts'

/** A migrated database of a test file's own, empty unless it asks for the fixture. */
export type TestDatabase = { readonly url: string; readonly sql: Sql; readonly drop: () => Promise<void> }

/** The SQL of the fixture. */
export const fixtureFile = new URL('fixture.sql', import.meta.url)

let made = 0

export const createDatabase = async ({ fixture = false } = {}): Promise<TestDatabase> => {
  const template = new URL(inject('template'))
  const name = `${template.pathname.slice(1)}_${process.pid}_${(made += 1)}`
  const server = new URL(template)
  server.pathname = 'postgres'
  const admin = client(server.href, { max: 1 })
  await admin.unsafe(`create database ${name} template ${template.pathname.slice(1)}`)

  const url = new URL(template)
  url.pathname = name
  const sql = client(url.href)
  if (fixture) await sql.unsafe(await readFile(fixtureFile, 'utf8'))
  return {
    url: url.href,
    sql,
    drop: async () => {
      await sql.end({ timeout: 5 })
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end({ timeout: 5 })
    },
  }
}

/** Makes the content of a migrated database what a file of SQL inserts. */
export const refill = async (sql: Sql, file: URL): Promise<void> => {
  const tables = await sql<{ name: string }[]>`
    select format('%I', tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'`
  await sql.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity`)
  await sql.unsafe(await readFile(file, 'utf8'))
}

/** The fixture in a database of the test file's own; what a test changes is rolled back behind it. */
export const useFixture = (): { readonly db: Db; readonly sql: Sql } => {
  let own: TestDatabase
  let sql: Sql
  let db: Db
  beforeAll(async () => {
    own = await createDatabase({ fixture: true })
    sql = client(own.url, { max: 1 })
    db = database(sql)
  })
  beforeEach(async () => {
    await sql`begin`
  })
  afterEach(async () => {
    await sql`rollback`
  })
  afterAll(async () => {
    await sql.end({ timeout: 5 })
    await own.drop()
  })
  return {
    get db() {
      return db
    },
    get sql() {
      return sql
    },
  }
}
