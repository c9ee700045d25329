import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import Papa from 'papaparse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFiles } from './files.ts'
import { IdSet } from './parents.ts'
import { readParts } from './read.ts'
import { productsOf, useImporter } from '../test/importer.ts'

const importer = useImporter()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-cells-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** All that a cell may hold: what means something to CSV, to COPY or to SQL, and characters of two to many bytes. */
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

/** A value of this one word is null, in quotes or not: a spreadsheet takes the quotes away. */
const stored = ([name, value]: readonly [string, string | null]) => [name, value === 'null' ? null : value]

test('any table of texts reads back as it was written, at whatever bytes it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      newline,
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      async (rows, newline, ends, bytes) => {
        await writeFile(join(folder, 'features.csv'), featuresOf(rows, newline) + (ends ? newline : ''))
        const [file] = await findFiles(folder)
        const read: unknown[] = []
        for await (const part of readParts(file!, { parents: new Map(), seen: new IdSet(), moment: '' }, 1, bytes)) {
          expect(part.rejects).toEqual([])
          read.push(...part.rows.map(([, , name, value]) => [name, value]))
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
    fc.asyncProperty(table, newline, fc.integer({ min: 1, max: 50 }), async (rows, newline, bytes) => {
      await writeFile(join(folder, 'features.csv'), featuresOf(rows, newline))
      const [file] = await findFiles(folder)
      const read: unknown[] = []
      for (let from = 1, isDone = false; !isDone;) {
        isDone = true
        for await (const { rows, next } of readParts(
          file!,
          { parents: new Map(), seen: new IdSet(), moment: '' },
          from,
          bytes,
        )) {
          from = next
          read.push(...rows.map(([, , name, value]) => [name, value]))
          if (rows.length === 0) continue
          isDone = false
          break
        }
      }
      expect(read).toEqual(rows.map(stored))
    }),
    { numRuns: 30 },
  )
})
