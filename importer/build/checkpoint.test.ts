import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importFolder } from '../load.ts'
import { contentOf, productsOf, useImporter } from '../test/importer.ts'

const importer = useImporter()
const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))

/** Runs the command, and sends it a signal when its output matches a pattern. */
const run = (folder: string, signal?: NodeJS.Signals, at = /^/) =>
  new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
    const env = { ...process.env, DATABASE_URL: importer.url, ATELIER_DATA: folder }
    const child = spawn(process.execPath, ['--import', 'tsx', cli, folder], { env })
    let out = ''
    let err = ''
    let isSent = false
    child.stdout.on('data', (data) => (out += String(data)))
    child.stderr.on('data', (data) => {
      err += String(data)
      if (signal === undefined || isSent || !at.test(err)) return
      isSent = true
      child.kill(signal)
    })
    child.on('close', (status) => resolve({ status, out, err }))
  })

test.each([
  ['SIGINT', /^product\.csv/m],
  ['SIGTERM', /^carrying over live rows/m],
] as const)('%s ends an import in one line with 1, and the next one goes on', async (signal, at) => {
  await importer.run({ 'product.csv': productsOf(1, 5000) })
  const before = await contentOf(importer.sql)
  const folder = await importer.generate(400)
  const { status, out, err } = await run(folder, signal, at)
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err.trimEnd().split('\n').at(-1)).toBe(
    'Interrupted: what was live is as it was, and the same command goes on from here.',
  )
  expect(err).not.toMatch(/^\s+at /m)
  const left = () => importer.sql`
    select from pg_stat_activity where application_name = 'atelierx import' and datname = current_database()`
  await expect.poll(left).toHaveLength(0)
  expect(await contentOf(importer.sql)).toEqual(before)

  const next = await run(folder)
  // The set has rows that are rejected.
  expect(next.status).toBe(2)
  expect(next.err).toMatch(/^Going on with the import of these files that was interrupted\.$/m)
  expect(await importer.stored('products', 'count(*)::int', '1')).toEqual([[401]])
})

const importLocks = () =>
  importer.sql`select from pg_locks join pg_database on oid = database
    where locktype = 'advisory' and granted and datname = current_database()`

test('a second import is refused in one line while one runs, which is not disturbed', async () => {
  const [folder, other] = await Promise.all([importer.generate(40), importer.write({ 'product.csv': productsOf(1) })])
  const holder = await importer.sql.reserve()
  await holder`begin`
  await holder`lock table products`
  const first = importer.load(folder)
  await expect.poll(importLocks).toHaveLength(1)
  await expect(importFolder(importer.url, other, { rejects: join(other, 'rejects.csv') })).rejects.toMatchObject({
    name: 'UserError',
    message: 'Another import runs on this database: wait until it has ended, or stop it, and import again.',
  })
  await holder`commit`
  holder.release()
  await first
  expect(await importer.stored('products', 'count(*)::int', '1')).toEqual([[40]])
})

test('an import waits for the lock of one that has just ended', async () => {
  const folder = await importer.write({ 'product.csv': productsOf(1) })
  const ended = importer.sql`select pg_advisory_xact_lock(hashtext('atelierx import')), pg_sleep(0.2)`.execute()
  await expect.poll(importLocks).toHaveLength(1)
  await importer.load(folder)
  await ended
  expect(await importer.stored('products', 'count(*)::int', '1')).toEqual([[1]])
})

test('what an import left that the build before began is dropped with its triggers, and begun anew', async () => {
  await importer.run({ 'product.csv': productsOf(1) })
  await importer.sql.unsafe(`
    create schema incoming;
    create table incoming.import (description text);
    create table incoming.steps (name text);
    create table incoming.products (like products);
    create function incoming.note_change() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger noted_by_import after update on products for each row execute function incoming.note_change();
    create schema outgoing;
    create table outgoing.products (like products)`)
  await importer.run({ 'product.csv': productsOf(2) })
  expect(await importer.stored('products', 'product_id', '1')).toEqual([[1], [2]])
  expect(await importer.sql`select from pg_namespace where nspname in ('incoming', 'outgoing')`).toHaveLength(0)
  expect(await importer.sql`select from pg_trigger where tgname = 'noted_by_import'`).toHaveLength(0)
})

test.each(['staging', 'retired', 'incoming', 'outgoing'])(
  'a schema %s that no import made is left alone',
  async (name) => {
    await importer.sql.unsafe(`create schema ${name}; create table ${name}.mine (id int)`)
    try {
      const imported = importer.run({ 'product.csv': productsOf(1) })
      if (name.endsWith('ing') && name !== 'staging') await imported
      else
        await expect(imported).rejects.toThrow(
          `The database has a schema ${name} that no import made, and an import needs the name: rename that schema.`,
        )
      expect(await importer.sql.unsafe(`select from ${name}.mine`)).toHaveLength(0)
    } finally {
      await importer.sql.unsafe(`drop schema ${name} cascade`)
    }
  },
)
