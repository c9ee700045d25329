import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { headerOf, readText } from '../test/importer.ts'

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '\uFEFF', 'é', '\r\n') }),
)
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }))

test('a file reads back as it was written, whatever its cells hold and wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n' as const, '\r\n' as const),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      async (cells, newline, endsWithNewline, lengths) => {
        const text = Papa.unparse(cells, { newline }) + (endsWithNewline ? newline : '')
        const { rows, broken } = await readText(text, headerOf(cells[0]?.length ?? 0, newline), lengths)
        expect(broken).toEqual([])
        expect(rows.map((row) => row.cells)).toEqual(cells)
      },
    ),
  )
})

test('each row tells the line that it starts on', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), async (cells, lengths) => {
      const text = Papa.unparse(cells, { newline: '\n' })
      const { rows } = await readText(text, headerOf(cells[0]?.length ?? 0), lengths)
      const lines = text.split('\n')
      const written = cells.map((row) => Papa.unparse([row], { newline: '\n' }))
      for (const [index, { line }] of rows.entries())
        expect(
          lines
            .slice(line - 2)
            .join('\n')
            .startsWith(written[index] ?? ''),
        ).toBe(true)
    }),
  )
})

test('a file may have empty lines, which are no rows', async () => {
  const { rows, broken } = await readText('\n1,a\n\n2,b\n\n\n', headerOf(2))
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [3, '1', 'a'],
    [5, '2', 'b'],
  ])
  expect(broken).toEqual([])
})

test('a file may have no rows', async () => {
  expect(await readText('', headerOf(2))).toEqual({ rows: [], broken: [] })
})
