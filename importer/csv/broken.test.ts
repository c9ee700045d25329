import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, headerOf, readText } from '../test/csv.ts'
import { readRecords } from './records.ts'

test('a row is repaired when all it lacks is its last closing quote, and the rows below it are read', async () => {
  const lines = Array.from(
    { length: 300 },
    (_, index) => `${index + 1},"https://a/${index + 1}","https://b/${index + 1}"`,
  )
  lines[47] = lines[47]?.slice(0, -1) ?? ''
  const { rows, broken } = await readText(lines.join('\n'), headerOf(3), [1000])
  expect(broken).toEqual([])
  expect(rows.map(({ cells }) => cells)).toEqual(
    lines.map((_, index) => [String(index + 1), `https://a/${index + 1}`, `https://b/${index + 1}`]),
  )
  expect(rows.filter(({ isRepaired }) => isRepaired).map(({ line }) => line)).toEqual([49])
})

test('a row is repaired when it is the last', async () => {
  const { rows } = await readText('1,"a"\n2,"b', headerOf(2))
  expect(rows.map(({ cells, isRepaired }) => [...cells, isRepaired])).toEqual([
    ['1', 'a', false],
    ['2', 'b', true],
  ])
})

test('a broken row costs one line, wherever it stands and however many there are', async () => {
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
        // A quote that is opened on one line and closed on a later one makes a cell of several lines.
        fc.pre(entries.filter(({ text }) => text === '"1,a').length <= 1)
        const { rows, broken } = await readText(entries.map(({ text }) => text).join('\n'), headerOf(2), lengths)
        const countLines = (isGood: boolean) =>
          entries.flatMap((entry, index) => (entry.isGood === isGood ? [index + 2] : []))
        expect(rows.map(({ line }) => line)).toEqual(countLines(true))
        expect(broken.map(({ line }) => line)).toEqual(countLines(false))
      },
    ),
  )
})

test('a broken row is told with a sentence that says what is wrong', async () => {
  const { broken } = await readText('1\n1,2,3\n1,"a"b"\n1,"a",\n"1,a', headerOf(2))
  expect(broken.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '2 The line has 1 cells where the header has 2: correct its commas and quotes.',
    '3 The line has 3 cells where the header has 2: correct its commas and quotes.',
    '4 A quote stands within a quoted text: write it twice, and close the text with one.',
    '5 The line has 3 cells where the header has 2: correct its commas and quotes.',
    '6 A quote is opened and never closed: add the closing one.',
  ])
})

test('a row that never ends costs its first line, and no more of the file than a row may be long is kept', async () => {
  const lines = Array.from({ length: 60_000 }, (_, index) => `${index + 1},something without any quote`)
  const { rows, broken } = await readText(['"0,x', ...lines].join('\n'), headerOf(2), [65_536])
  expect(broken.map(({ line }) => line)).toEqual([2])
  expect(rows).toHaveLength(60_000)
  expect(rows.at(-1)).toMatchObject({ line: 60_002, cells: ['60000', 'something without any quote'] })
})

/** The chunk of a text after which its first broken line is known, from 1. */
const countChunksToBroken = async (text: string, chunk: number): Promise<number> => {
  let chunks = 0
  for await (const { broken } of readRecords(cut(text, [chunk]), headerOf(2))) {
    chunks += 1
    if (broken.length > 0) return chunks
  }
  return Infinity
}

test('a row that never ends is broken when more is read than a row may be long, and not at the end of the file', async () => {
  const text = `c0,c1\n"0,x\n${'1,something without any quote\n'.repeat(120_000)}`
  expect(await countChunksToBroken(text, 1 << 16)).toBeLessThanOrEqual((1 << 20) / (1 << 16) + 2)
})

test.each([
  ['with an open quote and too many cells', '1,2,"x\n'],
  ['with too few cells', '1\n'],
  ['with a quote within a quoted text', '1,"a"b"\n'],
  ['above one with an open quote', '1\n2,"x\n'],
])('a row %s is broken at once', async (_, lines) => {
  const text = `c0,c1\n${lines}`
  expect(await countChunksToBroken(`${text}3,4\n5,6\n`, text.length)).toBe(1)
})

test('a row that is broken over several lines is told line by line, by what is wrong with each', async () => {
  const { rows, broken } = await readText('1,b,"c\nd"\n2,e', headerOf(2))
  expect(rows.map(({ line }) => line)).toEqual([4])
  expect(broken.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    '2 A quote is opened and never closed: add the closing one.',
    '3 The line has 1 cells where the header has 2: correct its commas and quotes.',
  ])
})

test('a row may be as long as 1048576 characters, and not longer', async () => {
  const longest = `1,${'b'.repeat((1 << 20) - 2)}`
  const read = (row: string) =>
    readText(`${row}\n2,c`, headerOf(2), [headerOf(2).columns.join(',').length + 1 + row.length])
  expect(await read(longest)).toMatchObject({ rows: [{ line: 2 }, { line: 3 }], broken: [] })
  expect(await read(`${longest}b`)).toMatchObject({ rows: [{ line: 3 }], broken: [{ line: 2 }] })
  const lines = `1,"${'b'.repeat((1 << 20) - 5)}\nc"`
  expect(await read(lines)).toMatchObject({ rows: [{ line: 2 }, { line: 4 }], broken: [] })
  // Its first line is repaired by itself.
  expect(await read(`1,"b${lines.slice(3)}`)).toMatchObject({
    rows: [{ line: 2, isRepaired: true }, { line: 4 }],
    broken: [{ line: 3 }],
  })
})

test('a line that is longer than any row costs no more than itself', async () => {
  const last = await readText(`1,${'b'.repeat(1 << 20)}`, headerOf(2))
  expect([last.rows, last.broken.map(({ line }) => line)]).toEqual([[], [2]])
  const { rows, broken } = await readText(`1,a\n2,${'b'.repeat(3_000_000)}\n3,c`, headerOf(2), [65_536])
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [2, '1', 'a'],
    [4, '3', 'c'],
  ])
  expect(broken).toEqual([
    { line: 3, text: expect.any(String) as string, reason: expect.stringContaining('longer') as string },
  ])
})

test('lines that end otherwise than the first are rows all the same', async () => {
  const { rows, broken } = await readText('1,"a"\n2,b\r\n3,c\n4,d', headerOf(2))
  expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
    [2, '1', 'a'],
    [3, '2', 'b'],
    [4, '3', 'c'],
    [5, '4', 'd'],
  ])
  expect(broken).toEqual([])
})
