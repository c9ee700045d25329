import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest'
import type { Db } from '../../handlers/database.ts'
import { client, type Sql } from '../client.ts'
import { database } from '../connect.ts'
import { createTestDb, type TestDb } from '../testing/index.ts'

/** A migrated database of a test file's own, empty unless it asks for the fixture. */
export type TestDatabase = { readonly url: string; readonly sql: Sql; readonly drop: () => Promise<void> }

/** The SQL of the fixture. */
export const fixtureFile = new URL('../fixture.sql', import.meta.url)

let made = 0

// Without a configuration (`npx vitest run handlers`) a hook has 10 s, which PostgreSQL in process may exceed.
const startTimeoutMs = 60_000

export const createDatabase = async ({ fixture = false } = {}): Promise<TestDatabase> => {
  const address = inject('template')
  if (address === undefined) throw new Error('This test needs a server: npm test -- <path> starts one.')
  const template = new URL(address)
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

/** The fixture as each test of a file finds it; what a test changes is rolled back behind it. */
export type Fixture = { readonly db: Db; readonly sql: Sql }

type Shop = Fixture & {
  readonly begin: () => Promise<unknown>
  readonly rollback: () => Promise<unknown>
  readonly close: () => Promise<void>
}

/**
 * The fixture in a database of the test file's own, or in this process where there is no server (`npm run test:unit`).
 */
export const useFixture = (): Fixture => {
  let shop: Shop
  beforeAll(async () => {
    shop = await (inject('template') === undefined ? shopInProcess() : shopOnServer())
  }, startTimeoutMs)
  beforeEach(() => shop.begin())
  afterEach(() => shop.rollback())
  afterAll(() => shop.close())
  return {
    get db() {
      return shop.db
    },
    get sql() {
      return shop.sql
    },
  }
}

const shopOnServer = async (): Promise<Shop> => {
  const { url, drop } = await createDatabase({ fixture: true })
  const sql = client(url, { max: 1 })
  return {
    db: database(sql),
    sql,
    begin: () => sql`begin`,
    rollback: () => sql`rollback`,
    close: async () => {
      await sql.end({ timeout: 5 })
      await drop()
    },
  }
}

let started: Promise<TestDb> | undefined

/** One for all files of a worker, as starting it takes longer than most of them. */
const shopInProcess = async (): Promise<Shop> => {
  const { db, sql, rollback } = await (started ??= createTestDb())
  const unsafe = (text: string, parameters: readonly unknown[] = []) =>
    sql(text.split(/\$\d+/) as readonly string[] as TemplateStringsArray, ...parameters)
  return {
    db,
    sql: Object.assign(sql, { unsafe }) as unknown as Sql,
    begin: async () => {},
    rollback,
    close: async () => {},
  }
}
