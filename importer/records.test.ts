import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import type { Header } from './header.ts'
import { readRecords, type Broken, type Row } from './records.ts'

const header = (width: number, newline: Header['newline'] = '\n'): Header => ({
  columns: Array.from({ length: width }, (_, index) => `c${index}`),
  newline,
})

async function* cut(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  let at = 0
  for (let n = 0; at < text.length; n += 1) {
    const length = lengths[n % lengths.length] ?? text.length
    yield text.slice(at, at + length)
    at += length
  }
}

const read = async (text: string, { columns, newline }: Header, lengths: readonly number[] = []) => {
  const rows: Row[] = []
  const broken: Broken[] = []
  for await (const batch of readRecords(cut(`${columns.join(',')}${newline}${text}`, lengths), { columns, newline })) {
    rows.push(...batch.rows)
    broken.push(...batch.broken)
  }
  return { rows, broken }
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '\uFEFF', 'é', '\r\n') }),
)
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }))

describe('a well-formed file', () => {
  test('reads back as it was written, whatever its cells hold and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n' as const, '\r\n' as const),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (cells, newline, endsWithNewline, lengths) => {
          const text = Papa.unparse(cells, { newline }) + (endsWithNewline ? newline : '')
          const { rows, broken } = await read(text, header(cells[0]?.length ?? 0, newline), lengths)
          expect(broken).toEqual([])
          expect(rows.map((row) => row.cells)).toEqual(cells)
        },
      ),
    )
  })

  test('tells the line that each row starts on', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), async (cells, lengths) => {
        const text = Papa.unparse(cells, { newline: '\n' })
        const { rows } = await read(text, header(cells[0]?.length ?? 0), lengths)
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

  test('may have empty lines, which are no rows', async () => {
    const { rows, broken } = await read('\n1,a\n\n2,b\n\n\n', header(2))
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [3, '1', 'a'],
      [5, '2', 'b'],
    ])
    expect(broken).toEqual([])
  })

  test('may have no rows', async () => {
    expect(await read('', header(2))).toEqual({ rows: [], broken: [] })
  })
})

describe('a broken row', () => {
  test('is repaired when all it lacks is its last closing quote, and the rows below it are read', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, index) => `${index + 1},"https://a/${index + 1}","https://b/${index + 1}"`,
    )
    lines[47] = lines[47]?.slice(0, -1) ?? ''
    const { rows, broken } = await read(lines.join('\n'), header(3), [1000])
    expect(broken).toEqual([])
    expect(rows.map(({ cells }) => cells)).toEqual(
      lines.map((_, index) => [String(index + 1), `https://a/${index + 1}`, `https://b/${index + 1}`]),
    )
    expect(rows.filter(({ isRepaired }) => isRepaired).map(({ line }) => line)).toEqual([49])
  })

  test('is repaired when it is the last', async () => {
    const { rows } = await read('1,"a"\n2,"b', header(2))
    expect(rows.map(({ cells, isRepaired }) => [...cells, isRepaired])).toEqual([
      ['1', 'a', false],
      ['2', 'b', true],
    ])
  })

  test('costs one line, wherever it stands and however many there are', async () => {
    const good = fc.constantFrom('1,"a"', '2,b', '3,"x ""y"" z"')
    const bad = fc.constantFrom('1', '1,2,3', '1,"a"b"', '"1,a', ',,,')
    const entry = fc.oneof(
      good.map((text) => ({ text, isGood: true })),
      bad.map((text) => ({ text, isGood: false })),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1 }),
        async (entries, lengths) => {
          // A quote opened at the start of one line and closed at the start of another is a cell of many lines.
          fc.pre(entries.filter(({ text }) => text === '"1,a').length <= 1)
          const { rows, broken } = await read(entries.map(({ text }) => text).join('\n'), header(2), lengths)
          const linesOf = (isGood: boolean) =>
            entries.flatMap((entry, index) => (entry.isGood === isGood ? [index + 2] : []))
          expect(rows.map(({ line }) => line)).toEqual(linesOf(true))
          expect(broken.map(({ line }) => line)).toEqual(linesOf(false))
        },
      ),
    )
  })

  test('is told with a sentence that says what is wrong', async () => {
    const { broken } = await read('1\n1,2,3\n1,"a"b"\n1,"a",\n"1,a', header(2))
    expect(broken.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 The line has 1 cells where the header has 2: correct its commas and quotes.',
      '3 The line has 3 cells where the header has 2: correct its commas and quotes.',
      '4 A quote stands within a quoted text: write it twice, and close the text with one.',
      '5 The line has 3 cells where the header has 2: correct its commas and quotes.',
      '6 A quote is opened and never closed: add the closing one.',
    ])
  })

  test('that never ends costs its first line, and no more of the file than a row may be long is kept', async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `${index + 1},something without any quote`)
    const { rows, broken } = await read(['"0,x', ...lines].join('\n'), header(2), [65_536])
    expect(broken.map(({ line }) => line)).toEqual([2])
    expect(rows).toHaveLength(60_000)
    expect(rows.at(-1)).toMatchObject({ line: 60_002, cells: ['60000', 'something without any quote'] })
  })

  test('is a line that is longer than any row', async () => {
    const { rows, broken } = await read(`1,a\n2,${'b'.repeat(3_000_000)}\n3,c`, header(2), [65_536])
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, '1', 'a'],
      [4, '3', 'c'],
    ])
    expect(broken).toEqual([
      { line: 3, text: expect.any(String) as string, reason: expect.stringContaining('longer') as string },
    ])
  })

  test('does not matter to rows whose lines end otherwise than the first', async () => {
    const { rows, broken } = await read('1,"a"\n2,b\r\n3,c\n4,d', header(2, '\r\n'))
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [2, '1', 'a'],
      [3, '2', 'b'],
      [4, '3', 'c'],
      [5, '4', 'd'],
    ])
    expect(broken).toEqual([])
  })
})
