import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findInconsistent } from '../db/verify.ts'
import type { ImportReport } from './report/report.ts'
import { contentOf, productsOf, question, questions, readRejects, useImporter, type Files } from './test/importer.ts'

const importer = useImporter()
const cli = fileURLToPath(new URL('cli.ts', import.meta.url))

const run = (url: string | undefined, ...args: readonly string[]) =>
  new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
    const env = { ...process.env, DATABASE_URL: url, ATELIER_DATA: args[0] }
    const child = execFile(process.execPath, ['--import', 'tsx', cli, ...args], { env }, (_, out, err) =>
      resolve({ status: child.exitCode, out, err }),
    )
  })

const set: Files = {
  'product.csv': productsOf(1, 2),
  'features.csv': 'id,product_id,feature,value\n1,1,"Fabric","Canvas"',
  'questions.csv': questions(question(1, 1), question(2, 2)),
}
const faulty: Files = {
  'product.csv': `${productsOf(2, 3)}\n4,"Jacket","","","Jackets","cheap"`,
  'questions.csv': questions(question(1, 2, 'New?'), question(3, 9), question(4, 4)),
}

const extraColumn = questions('1,1,"Warm?",1595884714409,"eve",null,0,1,9').replace('helpful', 'helpful,votes')

test('--fresh replaces the data set: what no file names is gone, and interactions stay', async () => {
  await importer.run(set)
  await importer.sql`insert into interactions (element, widget, time) values ('a', 'b', 'c')`
  const { status } = await run(importer.url, await importer.write({ 'product.csv': productsOf(2, 3) }), '--fresh')
  expect(status).toBe(0)
  expect(await importer.stored('products', 'product_id', '1')).toEqual([[2], [3]])
  for (const table of ['features', 'questions']) expect(await importer.stored(table, '*', '1')).toEqual([])
  expect(await importer.stored('interactions', 'element', '1')).toEqual([['a']])
  expect(await findInconsistent(importer.sql)).toEqual([])
})

test('--fresh is refused beside --only, and a count of rejects that is none, before anything is done', async () => {
  await importer.run(set)
  const before = await contentOf(importer.sql)
  const folder = await importer.write(faulty)
  const both = await run(importer.url, folder, '--fresh', '--only', 'questions')
  expect(both).toMatchObject({ status: 1, out: '' })
  expect(both.err).toMatch(/^--fresh replaces the whole data set, and --only takes a part of it: .*\n$/)
  const many = await run(importer.url, folder, '--max-rejects', 'many')
  expect(many).toMatchObject({ status: 1, err: '--max-rejects is many: give it a whole number from 0.\n' })
  expect(await contentOf(importer.sql)).toEqual(before)
})

test('--only takes the files that are named, and --json tells what became of them', async () => {
  await importer.run(set)
  const folder = await importer.write(faulty)
  const { status, out } = await run(importer.url, folder, '--only', 'questions', '--json')
  expect(status).toBe(2)
  const report = JSON.parse(out) as ImportReport
  expect(report.files).toMatchObject([{ file: 'questions.csv', read: 3, loaded: 1, rejected: 2 }])
  expect((await readRejects(report.rejects ?? '')).map(([, line]) => line)).toEqual(['3', '4'])
  expect(await importer.stored('products', 'product_id', '1')).toEqual([[1], [2]])
  expect(await importer.stored('questions', 'question_body', 'question_id')).toEqual([['New?'], ['Warm?']])

  const whole = await run(importer.url, await importer.write(set), '--json')
  expect(whole.status).toBe(0)
  expect(Object.keys(JSON.parse(whole.out) as ImportReport)).toEqual(['files', 'phases', 'seconds', 'leftOut'])
  const unknown = await run(importer.url, folder, '--only', 'styles', '--json')
  expect(unknown).toMatchObject({ status: 1, out: '' })
  expect(unknown.err).toMatch(
    /^--only names styles, which is not in the folder: it holds product\.csv, questions\.csv\.\n$/,
  )
})

test('what a folder holds besides is told of, and fails an import with --strict before anything is done', async () => {
  const folder = await importer.write({ ...set, 'products.csv': 'x', 'questions.csv': extraColumn })
  const sentences = [
    'products.csv is left out: did you mean product.csv?',
    'The column votes of questions.csv is left out: questions has none of that name.',
  ]
  const dry = await run(importer.url, folder, '--dry-run')
  expect(dry.err.split('\n').slice(0, 2)).toEqual(sentences)
  expect(dry.out).toContain(sentences.join('\n'))
  const json = await run(importer.url, folder, '--dry-run', '--json')
  expect((JSON.parse(json.out) as { leftOut: string[] }).leftOut).toEqual(sentences)

  const strict = await run(importer.url, folder, '--strict')
  expect(strict).toMatchObject({ status: 1, out: '' })
  expect(strict.err).toBe(`${sentences.join(' ')} Nothing is imported, as --strict takes all or nothing.\n`)
  expect(await importer.stored('products', 'product_id', '1')).toEqual([])
  expect(await run(importer.url, await importer.write(set), '--strict')).toMatchObject({ status: 0 })
  expect((await run(importer.url, folder, '--strict', '--only', 'product')).err).not.toContain('left out')
})

test('--fresh tells which files are missing, and --strict makes that an error', async () => {
  const folder = await importer.write(set)
  const { status, err } = await run(importer.url, folder, '--fresh', '--strict')
  expect(status).toBe(1)
  expect(err).toMatch(/^styles\.csv is missing: --fresh leaves styles empty\. photos\.csv is missing/)
  expect(err).not.toContain('questions.csv is missing')
  expect(err.match(/is missing/g)).toHaveLength(11)
})

test('--max-rejects fails when there are more, with the rejects written and the data as it was', async () => {
  await importer.run(set)
  const before = await contentOf(importer.sql)
  const folder = await importer.write(faulty)
  const path = join(folder, 'rejects.csv')
  const { status, out, err } = await run(importer.url, folder, '--max-rejects', '2', '--rejects', path)
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err.trimEnd().split('\n').at(-1)).toMatch(/^More than 2 rows are rejected: /)
  expect(await contentOf(importer.sql)).toEqual(before)
  expect((await readRejects(path)).map(([file, line]) => [file, line])).toContainEqual(['product.csv', '4'])

  const allowed = await run(importer.url, folder, '--max-rejects', '3', '--rejects', path)
  expect(allowed.status).toBe(2)
  expect(await readRejects(path)).toHaveLength(3)
})

test('--dry-run counts and rejects as an import does, without a database', async () => {
  const folder = await importer.write(faulty)
  const nowhere = 'postgres://127.0.0.1:1/nowhere'
  const dry = await run(nowhere, folder, '--dry-run', '--json', '--rejects', join(folder, 'dry.csv'))
  const real = await run(importer.url, folder, '--json', '--rejects', join(folder, 'real.csv'))
  expect([dry.status, real.status]).toEqual([2, 2])
  const figures = ({ out }: { out: string }) =>
    (JSON.parse(out) as ImportReport).files.map((file) => ({ ...file, seconds: 0 }))
  expect(figures(dry)).toEqual(figures(real))
  const [tried, written] = await Promise.all(
    ['dry', 'real'].map((name) => readFile(join(folder, `${name}.csv`), 'utf8')),
  )
  expect(tried).toBe(written)
  expect((await run(undefined, folder, '--dry-run', '--max-rejects', '1')).status).toBe(1)
})
