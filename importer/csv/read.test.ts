import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import Papa from 'papaparse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFiles } from './files.ts'
import { IdSet } from './parents.ts'
import { readBatches } from './read.ts'
import { productsOf, useImporter } from '../test/importer.ts'

const importer = useImporter()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-cells-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Cells with characters that are special to CSV, COPY or SQL, and with multi-byte characters. */
const cell = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom(
        '"',
        ',',
        '\n',
        '\r',
        '\r\n',
        '\t',
        '\\',
        '\\N',
        '\\.',
        ' ',
        'a',
        'é',
        '👩🏽‍🚀',
        '\uFEFF',
        "'",
        ';',
      ),
      maxLength: 12,
    }),
    fc.constantFrom('', 'null', '\\N', '\\.', '"', '""', '\n', 'NULL'),
  )
  .filter((text) => text.isWellFormed() && !/[\0\uFFFD]/.test(text))

const table = fc.array(fc.tuple(cell, fc.option(cell)), { minLength: 1, maxLength: 30 })
const newline = fc.constantFrom('\n' as const, '\r\n' as const)

/** A features.csv with a row for each pair of texts. */
const featuresOf = (rows: readonly (readonly [string, string | null])[], newline: '\n' | '\r\n'): string =>
  Papa.unparse(
    [['id', 'product_id', 'feature', 'value'], ...rows.map(([name, value], n) => [n + 1, 1, name, value ?? 'null'])],
    {
      newline,
    },
  )

/** The stored value of a cell. A word for null is null even in quotes, which spreadsheets remove. */
const stored = ([name, value]: readonly [string, string | null]) => [
  name,
  /^\s*(null|\\N)\s*$/i.test(value ?? 'null') ? null : value,
]

/** Writes a features.csv, gzipped or not, and reads its header. */
const written = async (text: string, isGzipped: boolean) => {
  await rm(join(folder, `features.csv${isGzipped ? '' : '.gz'}`), { force: true })
  await writeFile(join(folder, `features.csv${isGzipped ? '.gz' : ''}`), isGzipped ? gzipSync(text) : text)
  return findFiles(folder)
}

test('any table of texts reads back as it was written, at whatever bytes it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      newline,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      async (rows, newline, ends, isGzipped, bytes) => {
        const [file] = await written(featuresOf(rows, newline) + (ends ? newline : ''), isGzipped)
        const read: unknown[] = []
        for await (const batch of readBatches(
          file!,
          { parents: new Map(), ids: new IdSet(), startedAt: '' },
          1,
          bytes,
        )) {
          expect(batch.rejects).toEqual([])
          read.push(...batch.rows.map(([, , name, value]) => [name, value]))
        }
        expect(read).toEqual(rows.map(stored))
      },
    ),
    { numRuns: 60 },
  )
})

test('any table of texts is stored as it was written', async () => {
  await importer.run({ 'product.csv': productsOf(1) })
  await fc.assert(
    fc.asyncProperty(table, newline, fc.integer({ min: 1, max: 64 }), async (rows, newline, batchBytes) => {
      const { rejects } = await importer.run({ 'features.csv': featuresOf(rows, newline) }, { batchBytes })
      expect(rejects).toEqual([])
      expect(await importer.stored('features', 'feature, value', `feature_id limit ${rows.length}`)).toEqual(
        rows.map(stored),
      )
    }),
    { numRuns: 12 },
  )
})

test('a row goes on where an import stopped, at whatever line and bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      newline,
      fc.boolean(),
      fc.integer({ min: 1, max: 50 }),
      async (rows, newline, isGzipped, bytes) => {
        const [file] = await written(featuresOf(rows, newline), isGzipped)
        const read: unknown[] = []
        for (let from = 1, isDone = false; !isDone;) {
          isDone = true
          for await (const { rows, nextLine } of readBatches(
            file!,
            { parents: new Map(), ids: new IdSet(), startedAt: '' },
            from,
            bytes,
          )) {
            from = nextLine
            read.push(...rows.map(([, , name, value]) => [name, value]))
            if (rows.length === 0) continue
            isDone = false
            break
          }
        }
        expect(read).toEqual(rows.map(stored))
      },
    ),
    { numRuns: 30 },
  )
})

test('the bytes read of a packed file go up to its size, of which there is less than of its text', async () => {
  const text = featuresOf(
    Array.from({ length: 20_000 }, (_, n) => [`Feature ${n}`, `Value ${n * 7919}`] as const),
    '\n',
  )
  const [file] = await written(text, true)
  const read: number[] = []
  for await (const batch of readBatches(file!, { parents: new Map(), ids: new IdSet(), startedAt: '' }, 1, 4096))
    read.push(batch.bytesRead)
  expect(read.at(-1)).toBe(file?.bytes)
  expect(read.toSorted((a, b) => a - b)).toEqual(read)
  expect(read[0]).toBeLessThan(file?.bytes ?? 0)
})

test.each([
  [
    'cut off',
    (bytes: Buffer) => bytes.subarray(0, -9),
    /features\.csv\.gz is no whole gzip file \(unexpected end of file\)/,
  ],
  ['damaged', (bytes: Buffer) => bytes.fill(0xff, 20_000, 20_100), /features\.csv\.gz is no whole gzip file \(/],
])('a packed file that is %s below its header is told of in one line', async (_, spoil, line) => {
  const text = featuresOf(
    Array.from({ length: 20_000 }, (_, n) => [`Feature ${n}`, `Value ${n * 7919}`] as const),
    '\n',
  )
  await importer.run({ 'product.csv': productsOf(1) })
  const files = { 'features.csv.gz': spoil(gzipSync(text)) }
  await expect(importer.run(files)).rejects.toThrow(line)
  expect(await importer.stored('features', 'feature_id', '1')).toEqual([])
  const { report } = await importer.run({ 'features.csv.gz': gzipSync(text) })
  expect(report['features.csv.gz']).toMatchObject({ table: 'features', loaded: 20_000 })
})
