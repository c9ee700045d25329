import fc from 'fast-check'
import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { cut, headerOf, readText } from '../test/csv.ts'
import { readRecords, type Row } from './records.ts'

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '\uFEFF', 'é', '\r\n') }),
)
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }))

const newline = fc.constantFrom('\n', '\r\n', '\r\r\n')

test('a file reads back as it was written, whatever its cells hold, its lines end in, and wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.oneof(
        newline.map((one) => [one]),
        fc.array(newline, { minLength: 1 }),
      ),
      fc.constantFrom('', '\n', '\r\n', '\r'),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      async (cells, newlines, last, lengths) => {
        const lines = cells.map((row) => Papa.unparse([row]))
        const text = lines.map((line, index) => line + (newlines[index % newlines.length] ?? '')).slice(0, -1)
        const { rows, broken } = await readText(
          text.join('') + (lines.at(-1) ?? '') + last,
          headerOf(cells[0]?.length ?? 0),
          lengths,
        )
        expect(broken).toEqual([])
        expect(rows.map((row) => row.cells)).toEqual(cells)
      },
    ),
    { numRuns: 500 },
  )
})

test.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CRCRLF', '\r\r\n'],
])('no cell keeps the end of its line, which is %s below another', async (_, newline) => {
  const { rows } = await readText(['1,null', '2,"a"', '3,b "c"', '4,', '5,d\r\n6,e\n'].join(newline), headerOf(2))
  expect(rows.map(({ cells }) => cells[1])).toEqual(['null', 'a', 'b "c"', '', 'd', 'e'])
})

test('a quoted cell keeps the CR and LF that it holds', async () => {
  const { rows } = await readText(
    '1,"a\r\nb"\n2,"c\r"\r\n3,"d\r" \r\n4,"\r"\r\n5,"e\r\n"\n6,"f\r\r"\r\n7,g\r\n',
    headerOf(2),
  )
  expect(rows.map(({ cells }) => cells[1])).toEqual(['a\r\nb', 'c\r', 'd\r', '\r', 'e\r\n', 'f\r\r', 'g'])
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

test('a file may have empty and blank lines, which are no rows', async () => {
  const { rows, broken } = await readText('\n1,a\n \t\n2,b\n\n\n', headerOf(2))
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [3, '1', 'a'],
    [5, '2', 'b'],
  ])
  expect(broken).toEqual([])
})

test('reading goes on with the row of any line below the header', async () => {
  const rows: Row[] = []
  for await (const batch of readRecords(cut('5,e\n6,f', [3]), headerOf(2), 6)) rows.push(...batch.rows)
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [6, '5', 'e'],
    [7, '6', 'f'],
  ])
})

test('a file may have no rows', async () => {
  expect(await readText('', headerOf(2))).toEqual({ rows: [], broken: [] })
  const batches = []
  for await (const batch of readRecords(cut('c0,c1', [3]), headerOf(2))) batches.push(batch)
  expect(batches.flatMap(({ rows, broken }) => [...rows, ...broken])).toEqual([])
})

test('each row tells its line, also where empty lines stand alone in a piece of the file', async () => {
  const { rows } = await readText('\n\n1,a', headerOf(2), [6, 1, 1, 3])
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([[4, '1', 'a']])
})

test('a file may end in CRs and in blanks alone', async () => {
  const { rows, broken } = await readText('1,a\r\n  \r\n2,b\r\r\n\t\n', headerOf(2))
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [2, '1', 'a'],
    [4, '2', 'b'],
  ])
  expect(broken).toEqual([])
})

test('a row has at most 1 MiB, and a quote that is never closed costs one line beyond that', async () => {
  const most = 1 << 20
  const long = await readText(`1,${'x'.repeat(most - 2)}\n2,b`, headerOf(2), [6, most])
  expect(long.rows.map(({ line }) => line)).toEqual([2, 3])
  const longer = await readText(`1,${'x'.repeat(most + 2)}\n2,b`, headerOf(2), [6, most + 2, most])
  expect(longer.broken.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'The line is longer than 1048576 characters: a row is never that long.'],
  ])
  expect(longer.rows.map(({ line, cells }) => [line, ...cells])).toEqual([[3, '2', 'b']])
})

test('a file may be read from a line below its header, and each batch tells the line behind it', async () => {
  async function* pieces() {
    yield '1,a\n2'
    yield ',b\n'
  }
  const batches = []
  for await (const { rows, nextLine } of readRecords(pieces(), headerOf(2), 5))
    batches.push([rows.map(({ line, cells }) => [line, ...cells]), nextLine])
  expect(batches).toEqual([
    [[[5, '1', 'a']], 6],
    [[[6, '2', 'b']], 7],
    [[], 7],
  ])
  const ofHeader = []
  for await (const { nextLine } of readRecords(pieces(), headerOf(2))) ofHeader.push(nextLine)
  expect(ofHeader).toEqual([2, 3, 3])
  const ofCutHeader = []
  for await (const { nextLine } of readRecords(cut('c0,c1\n1,a\n', [3]), headerOf(2))) ofCutHeader.push(nextLine)
  expect(ofCutHeader).toEqual([2, 2, 2, 3, 3])
})

test.each(['\n', '\r\n', '\r\r\n'])(
  'cells are told apart by commas alone, whatever else stands in them, above %j',
  async (end) => {
    const { rows } = await readText(['1,a;b;c\td|e', '2,f;g;h\ti|j', '3,k;l;m\tn|o', ''].join(end), headerOf(2))
    expect(rows.map(({ cells }) => cells[1])).toEqual(['a;b;c\td|e', 'f;g;h\ti|j', 'k;l;m\tn|o'])
    const fewer = await readText(['1,a;b;c', '2,f;g;h', ''].join(end), headerOf(3))
    expect(fewer.broken.map(({ line }) => line)).toEqual([2, 3])
  },
)

test('a CR within a cell stays, and the CRs of its line end go', async () => {
  const { rows } = await readText('1,a\rb\r\n2,c\n3,d\n', headerOf(2))
  expect(rows.map(({ cells }) => cells[1])).toEqual(['a\rb', 'c', 'd'])
})

test('a row of several lines may be cut behind any of them, however much was read before', async () => {
  const above = `1,${'a'.repeat(997)}\n`.repeat(600)
  const { rows, broken } = await readText(`${above}2,"b\nc"\n3,d`, headerOf(2), ['c0,c1\n'.length, above.length + 5, 9])
  expect(broken).toEqual([])
  expect(rows.slice(-2).map(({ line, cells }) => [line, ...cells])).toEqual([
    [602, '2', 'b\nc'],
    [604, '3', 'd'],
  ])
})

test('a long row of several lines may be the last, without a line end', async () => {
  const long = `${'x'.repeat(270_000)}\ny`
  const { rows, broken } = await readText(`1,a\n2,"${long}"`, headerOf(2))
  expect(broken).toEqual([])
  expect(rows.map(({ cells }) => cells[1])).toEqual(['a', long])
})
