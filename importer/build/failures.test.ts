import { appendFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findInconsistent } from '../../db/verify.ts'
import { silent, type Progress } from '../progress.ts'
import { contentOf, productsOf, question, questions, useImporter } from '../test/importer.ts'

const importer = useImporter()

/** Runs a task when an import has read a batch of a file; the import does not wait for it. */
const atFirstPart = (act: () => Promise<unknown>): { progress: Progress; acted: () => Promise<unknown> } => {
  let acting: Promise<unknown> | undefined
  // A query of postgres.js starts when it is awaited.
  const start = async () => act()
  return { progress: { ...silent, read: () => void (acting ??= start()) }, acted: async () => acting }
}

const many = Array.from({ length: 20_000 }, (_, index) => question(index + 1, 1))
const old = { 'product.csv': productsOf(1), 'questions.csv': questions(question(1, 1, 'Old?')) }
const set = { 'product.csv': productsOf(1, 2), 'questions.csv': questions(...many) }

const endBackends = () =>
  importer.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'atelierx import' and datname = current_database()`

const backends = () =>
  importer.sql`select from pg_stat_activity where application_name = 'atelierx import' and datname = current_database()`

const isUndone = async (before: unknown) => {
  expect(await contentOf(importer.sql)).toEqual(before)
  await expect.poll(backends).toHaveLength(0)
}

describe('the connection is lost', () => {
  test('while files are loaded: one line tells, and the same command goes on', async () => {
    await importer.run(old)
    const before = await contentOf(importer.sql)
    const folder = await importer.write(set)
    const { progress, acted } = atFirstPart(endBackends)
    const options = { progress, batchBytes: 4096 }
    await expect(importer.load(folder, options)).rejects.toThrow(
      /^The connection to the database was lost: .* the same command goes on from here\./,
    )
    await acted()
    await isUndone(before)
    const resumed: boolean[] = []
    const { report } = await importer.load(folder, { progress: { ...silent, begin: (_, is) => resumed.push(is) } })
    expect(resumed).toEqual([true])
    expect(report['questions.csv']).toMatchObject({ read: 20_000, loaded: 20_000, rejected: 0 })
    expect(await importer.sql`select count(*)::int as rows from questions`).toEqual([{ rows: 20_000 }])
  })

  test('while a statement of a client keeps the tables from taking their place: the next import puts them there', async () => {
    await importer.run(old)
    const before = await contentOf(importer.sql)
    const folder = await importer.write({ 'product.csv': productsOf(1, 2) })
    let done: Promise<unknown> | undefined
    const client = await importer.sql.reserve()
    try {
      await client`begin`
      await client`lock table questions in access share mode`
      let ended: Promise<unknown> | undefined
      const end = async () => endBackends()
      const progress: Progress = {
        ...silent,
        phase: (name) => void (name === 'replacing the live tables' && (ended ??= end())),
      }
      await expect(importer.load(folder, { progress })).rejects.toThrow(/^The connection to the database was lost: /)
      await ended
      await isUndone(before)

      const swapping = new Promise<void>((resolve) => {
        const waits: Progress = { ...silent, phase: (name) => void (name === 'replacing the live tables' && resolve()) }
        done = importer.load(folder, { progress: waits })
      })
      await swapping
      // Other clients are answered meanwhile.
      for (let n = 0; n < 5; n += 1) expect(await importer.sql`select product_id from products`).toHaveLength(1)
    } finally {
      await client`commit`
      client.release()
    }
    await done
    expect(await importer.stored('products', 'product_id', '1')).toEqual([[1], [2]])
    expect(await findInconsistent(importer.sql)).toEqual([])
  })
})

describe('a file is not what it was when the import began', () => {
  const changes = [
    [
      'grows',
      /questions\.csv changed while it was read: import again/,
      (path: string) => appendFile(path, `\n${question(9, 1)}`),
    ],
    ['is touched', /questions\.csv changed while it was read: import again/, (path: string) => utimes(path, 1, 1)],
    [
      'shrinks',
      /questions\.csv changed while it was read: import again/,
      (path: string) => writeFile(path, questions()),
    ],
    ['vanishes', /questions\.csv vanished while it was read: put it back/, (path: string) => rm(path)],
  ] as const

  test.each(changes)('when it %s, one line tells, and all is as it was', async (_, line, change) => {
    await importer.run(old)
    const before = await contentOf(importer.sql)
    const folder = await importer.write(set)
    const path = join(folder, 'questions.csv')
    const { progress, acted } = atFirstPart(() => change(path))
    await expect(importer.load(folder, { progress, batchBytes: 4096 })).rejects.toThrow(line)
    await acted()
    await isUndone(before)

    await writeFile(path, questions(question(1, 1, 'New?')))
    await importer.load(folder)
    expect(await importer.stored('questions', 'question_body', '1')).toEqual([['New?']])
  })
})

test('a folder of which a file is a folder, or has another header, is told of before anything is done', async () => {
  await importer.run(old)
  const before = await contentOf(importer.sql)
  await expect(importer.load(await importer.write({ 'readme.txt': 'x' }))).rejects.toThrow(/holds none of the files/)
  await expect(importer.run({ ...set, 'answers.csv': 'id;body\n1;x' })).rejects.toThrow(
    /answers\.csv is separated by semicolons/,
  )
  await isUndone(before)
  expect(await importer.sql`select from pg_namespace where nspname = 'staging'`).toEqual([])
})

test('an import whose rejects cannot be written is done, and the same command tells of them elsewhere', async () => {
  const files = { 'product.csv': `${productsOf(1)}\nx,,,,,` }
  const folder = await importer.write(files)
  const { importFolder } = await import('../load.ts')
  await expect(importFolder(importer.url, folder, { rejects: folder })).rejects.toThrow(
    /^The rejects cannot be written/,
  )
  expect(await importer.stored('products', 'product_id', '1')).toEqual([[1]])
  const { rejects, report } = await importer.load(folder)
  expect(report['product.csv']).toMatchObject({ read: 2, loaded: 1, rejected: 1 })
  expect(rejects).toHaveLength(1)
  expect(await importer.sql`select from imports`).toHaveLength(1)
})
