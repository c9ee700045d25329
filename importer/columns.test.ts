import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  boolean,
  cartHash,
  counter,
  id,
  isCellError,
  nullable,
  price,
  reference,
  text,
  textOrNull,
  integer,
  type CellParser,
} from './columns.ts'
import { day } from './days.ts'

const refused = (sentence: RegExp) => ({ reason: expect.stringMatching(sentence) as string })

const eachIsRefused = (column: CellParser, cells: readonly string[], sentence: RegExp) => {
  for (const cell of cells) expect(column(cell), cell).toEqual(refused(sentence))
}

describe('whole numbers', () => {
  test('are read within their range, and refused outside of it', () => {
    const bounds = fc
      .tuple(fc.integer({ min: 0 }), fc.integer({ min: 0 }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)])
    fc.assert(
      fc.property(bounds, fc.integer(), ([least = 0, most = 0], number) => {
        const isWithin = number >= least && number <= most
        expect(integer(least, most)(String(number))).toEqual(
          isWithin ? String(number) : refused(/^Expected a whole number/),
        )
      }),
    )
  })

  test('may have blanks around them and zeros before them', () => {
    expect(id(' 7\r')).toBe('7')
    expect(id('007')).toBe('7')
    expect(reference('-0')).toBe('0')
    expect(isCellError(id('00000000007'))).toBe(true)
  })

  test('are nothing else that JavaScript would take for a number', () =>
    eachIsRefused(
      reference,
      ['', ' ', '1.0', '1e3', '0x10', '+5', '1,5', 'null', '12345678901', '१'],
      /from 0 to 2147483647\.$/,
    ))

  test('leave room above them when the API goes on from them', () => {
    for (const column of [id, counter]) {
      expect(column('2000000000')).toBe('2000000000')
      expect(column('2000000001')).toEqual(refused(/ from [01] to 2000000000: .* need(s)? room above it\.$/))
    }
    expect(counter('0')).toBe('0')
    expect(counter('-1')).toEqual(refused(/from 0 to/))
    expect(reference('2147483647')).toBe('2147483647')
    expect(reference('2147483648')).toEqual(refused(/from 0 to 2147483647/))
  })

  test('are given as PostgreSQL reads them, whatever blanks and zeros they had', () => {
    const blank = fc.constantFrom('', ' ', '\t', '\r', '  ')
    fc.assert(
      fc.property(fc.nat(), blank, blank, fc.nat(2), (number, before, after, zeros) => {
        const digits = '0'.repeat(Math.min(zeros, 10 - String(number).length)) + String(number)
        expect(reference(before + digits + after)).toBe(String(number))
      }),
    )
  })

  test('are at least 1 when they are the id of a row, and may be 0 when they refer to one', () => {
    expect(id('0')).toEqual(refused(/from 1 to 2000000000/))
    expect(reference('0')).toBe('0')
  })
})

test('prices have at most two decimals and fit into numeric(12, 2)', () => {
  expect(['140', '69.5', '69.50', '69.500', '9999999999.99', ' 7 '].map(price)).toEqual([
    '140',
    '69.5',
    '69.50',
    '69.500',
    '9999999999.99',
    '7',
  ])
  eachIsRefused(
    price,
    ['', 'null', '-1', '1.005', '$140', '1E+08', '10000000000', '1.', '.5', '1,000', '69,50', 'x140', '140x'],
    /^Expected a price/,
  )
})

test('booleans are true, false, 1 or 0 in any case', () => {
  expect(['true', 'TRUE', '1', ' True'].map(boolean)).toEqual(['true', 'true', 'true', 'true'])
  expect(['false', 'FALSE', '0'].map(boolean)).toEqual(['false', 'false', 'false'])
  eachIsRefused(boolean, ['', 'yes', '2', 'null', 't'], /^Expected true, false, 1 or 0\.$/)
})

describe('texts', () => {
  test('are kept to the letter', () => {
    const storable = fc.string({ unit: 'grapheme' }).filter((value) => !/[\0\uFFFD]/.test(value))
    fc.assert(fc.property(storable, (value) => text(value) === value))
    expect(text('null')).toBe('null')
    expect(text('')).toBe('')
  })

  test('are refused when PostgreSQL cannot store them', () => {
    expect(text('a\0b')).toEqual(refused(/NUL/))
    expect(text('a\uD800b')).toEqual(refused(/UTF-8/))
    expect(text('caf\uFFFD')).toEqual(refused(/save the file as UTF-8/))
  })

  test('are null for the word null where the column may be empty, and for an empty response', () => {
    for (const cell of ['null', 'NULL', 'Null', ' null ', '\\N', ' \\N'])
      expect([nullable(text)(cell), textOrNull(cell), nullable(price)(cell)], cell).toEqual([null, null, null])
    for (const cell of ['', 'nulls', 'a null', 'null.', '\\Nx', 'x\\N', `${' '.repeat(20)}null`])
      expect(nullable(text)(cell), cell).toBe(cell)
    expect(text('null')).toBe('null')
    expect(['null', '', 'Thanks!'].map(textOrNull)).toEqual([null, null, 'Thanks!'])
    expect(nullable(price)('null')).toBe(null)
  })
})

test('a cart is stored under the SHA-256 of what names it', () => {
  expect(cartHash('1234')).toBe(`\\x${createHash('sha256').update('1234').digest('hex')}`)
  expect(cartHash('')).toEqual(refused(/names a cart/))
  expect(cartHash('caf\uFFFD')).toEqual(refused(/save the file as UTF-8/))
})

test('null is a value and no error, and text is neither', () => {
  expect([null, 'null', { reason: 'Wrong.' }].map(isCellError)).toEqual([false, false, true])
})

test('a number has at most ten digits, zeros before it too, and a word for null at most seven blanks', () => {
  expect(id('0000000007')).toBe('7')
  expect(id('00000000007')).toEqual(id('x'))
  expect(['       null', '        null'].map(nullable(text))).toEqual([null, '        null'])
})

test('whatever a cell holds, a column gives a value or a sentence', () => {
  const columns = [id, reference, price, boolean, day, text, textOrNull, nullable(price), cartHash]
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (cell) => {
      for (const result of columns.map((column) => column(cell)))
        expect(typeof result === 'string' || result === null || /^[A-Z].*\.$/.test(result.reason)).toBe(true)
    }),
  )
})
