import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { database as databaseOf } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { type Endpoint, isForAdmin, respond } from '../../handlers/endpoint.ts'
import { Failure } from '../../handlers/failure.ts'
import { endpoints, Mutation, withIdempotencyKey } from '../../handlers/index.ts'
import { generate } from '../../importer/generate/generate.ts'
import { importFolder } from '../../importer/load.ts'

// Roles belong to the whole server, so these have a prefix.
const prefix = `atelier_test_${process.pid}_`
const roles = ['api', 'moderation', 'migrate', 'import', 'replication', 'backup', 'owner']
const password = 'only-for-this-test'

const urlOf = (name: string, user?: string): string => {
  const url = new URL(inject('template'))
  url.pathname = name
  if (user) [url.username, url.password] = [`${prefix}${user}`, password]
  return url.href
}
const open = (user?: string) => client(urlOf(`${prefix}db`, user), { max: 1 })
const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8')

let server: Sql
let admin: Sql
let api: Sql
let moderation: Sql
let importer: Sql
beforeAll(async () => {
  server = client(urlOf('postgres'), { max: 1 })
  await server.unsafe(`create database ${prefix}db template template0`)
  admin = open()
  const sql = (await read('roles.sql')).replaceAll('atelier_', prefix)
  await admin.unsafe(sql)
  for (const role of roles) await admin.unsafe(`alter role ${prefix}${role} password '${password}'`)
  const migrator = open('migrate')
  await migrate(migrator)
  await migrator.end({ timeout: 5 })
  // A second run, as after a change.
  await admin.unsafe(sql)
  importer = open('import')
  await importer.unsafe(await read('../../db/fixture.sql'))
  api = open('api')
  moderation = open('moderation')
})
afterAll(async () => {
  await Promise.all([api, moderation, importer, admin].map((sql) => sql?.end({ timeout: 5 })))
  await server.unsafe(`drop database if exists ${prefix}db with (force)`)
  for (const role of roles) await server.unsafe(`drop role if exists ${prefix}${role}`)
  await server.end({ timeout: 5 })
})

const runExamples = async () => {
  // The examples remove these.
  await admin.unsafe(`
    insert into reviews (review_id, product_id, rating, summary, body, recommend, reviewer_name)
      values (4, 1, 1, '', '', true, '') on conflict do nothing;
    insert into questions (question_id, product_id, question_body, asker_name)
      values (3, 1, '', '') on conflict do nothing;
    insert into answers (answer_id, question_id, product_id, body, answerer_name)
      select 3, max(question_id), 1, '', '' from questions on conflict do nothing`)
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const answer = await respond(endpoint, databaseOf(isForAdmin(endpoint) ? moderation : api), endpoint.example)
    expect(answer, name).not.toBeInstanceOf(Failure)
  }
}

test('the API has the rights for all endpoints', runExamples)

test('the API stores idempotency keys, and deletes old ones', async () => {
  await admin`
    insert into idempotency_keys (idempotency_key, fingerprint, created_at)
    values ('old', '', now() - interval '2 days')`
  const { db } = withIdempotencyKey(databaseOf(api), { idempotency_key: 'new', fingerprint: '' })
  expect(await respond(endpoints.markReviewHelpful, db, { review_id: 1 })).toBeInstanceOf(Mutation)
  expect(await admin`select idempotency_key from idempotency_keys`).toEqual([{ idempotency_key: 'new' }])
})

test('the API finds a database that is up to date, and names what one lacks', async () => {
  expect(await migrate(api)).toEqual([])
  await admin`update migrations set name = '9999_newer.sql' where name = '0001_products.sql'`
  await expect(migrate(api)).rejects.toThrow(/lacks the migration 0001_products.sql.* run npm run migrate/)
  await admin`update migrations set name = '0001_products.sql' where name = '9999_newer.sql'`
})

test.each([
  'drop table reviews',
  'alter table reviews add column more text',
  'truncate reviews',
  'delete from reviews',
  "update products set name = 'other'",
  "update reviews set body = 'other'",
  "update reviews set response = 'other'",
  'select * from erased_emails',
  'delete from removed_rows',
  'insert into products select * from products',
  'select reviewer_email from reviews',
  'select * from questions',
  'create table more ()',
  'create temporary table more ()',
  'create schema more',
  'call rebuild_review_totals()',
  'select rolpassword from pg_authid',
  "select pg_read_file('postgresql.conf')",
  "copy reviews to program 'true'",
  `set role ${prefix}owner`,
])('the API may not: %s', async (statement) => {
  await expect(api.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
})

test.each([
  "update reviews set body = 'other'",
  'insert into reviews select * from reviews',
  'select * from cart_items',
  'delete from products',
  'delete from removed_rows',
  'truncate answers',
  'create table more ()',
  `set role ${prefix}owner`,
])('a moderator may not: %s', async (statement) => {
  await expect(moderation.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
})

test('a role of another database cannot connect to this one', async () => {
  await server.unsafe(`create role ${prefix}stranger login password '${password}'`)
  const stranger = open('stranger')
  await expect(stranger`select 1`).rejects.toMatchObject({ code: '42501' })
  await stranger.end({ timeout: 5 })
  await server.unsafe(`drop role ${prefix}stranger`)
})

test('a table that is built elsewhere and moved here has the rights of the one that it replaces', async () => {
  await importer
    .unsafe(
      `begin;
       create schema beside;
       create table beside.cart_items (like cart_items including all);
       drop table cart_items;
       alter table beside.cart_items set schema public;
       drop schema beside;
       commit`,
    )
    .simple()
  await runExamples()
  await expect(api`delete from cart_items`).rejects.toMatchObject({ code: '42501' })
})

test('an import runs as its own role, and the API still works', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await generate(folder, { products: 20, seed: 1 })
  await importFolder(urlOf(`${prefix}db`, 'import'), folder, { rejects: join(folder, 'rejects.csv') })
  await rm(folder, { recursive: true })
  await runExamples()
})
