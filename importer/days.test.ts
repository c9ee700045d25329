import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isCellError } from './columns.ts'
import { day } from './days.ts'

const now = Date.UTC(2021, 2, 1, 12)
beforeEach(() => vi.useFakeTimers({ now, toFake: ['Date'] }))
afterEach(() => vi.useRealTimers())

const first = new Date(Date.UTC(1995, 0, 1))
const last = new Date(now + 365 * 24 * 60 * 60 * 1000)

const reasonOf = (cell: string): string => {
  const result = day(cell)
  return isCellError(result) ? result.reason : `no reason: ${result}`
}

const expected = 'milliseconds since 1970, such as 1595884714409, or a day such as 2020-07-27.'

describe('days', () => {
  test('are the same from milliseconds, from an ISO time and from an ISO day', () => {
    fc.assert(
      fc.property(fc.date({ min: first, max: last, noInvalidDate: true }), (date) => {
        const iso = date.toISOString()
        expect(
          [String(date.getTime()), iso, iso.replace('T', ' '), iso.slice(0, -1), ` ${iso.slice(0, 10)} `].map(day),
        ).toEqual(Array.from({ length: 5 }, () => iso.slice(0, 10)))
      }),
    )
  })

  test('are those of UTC', () => {
    expect(day('2019-01-01T23:00:00-05:00')).toBe('2019-01-02')
    expect(day('2019-01-01 00:30:00+02:00')).toBe('2018-12-31')
  })

  test('go from 1995 to a year from now, to the millisecond', () => {
    expect([String(first.getTime()), '1995-01-01', '1995-01-01T00:00:00Z'].map(day)).toEqual(
      Array.from({ length: 3 }, () => '1995-01-01'),
    )
    expect([String(last.getTime()), '2022-03-01', '2022-03-01T12:00:00Z'].map(day)).toEqual(
      Array.from({ length: 3 }, () => '2022-03-01'),
    )
    expect(reasonOf(String(first.getTime() - 1))).toBe(
      `This reads as 1994-12-31, and a shop has days from 1995-01-01 to a year from now: expected ${expected}`,
    )
    expect(reasonOf(String(last.getTime() + 1))).toMatch(/^This reads as 2022-03-01, and a shop has/)
    expect(reasonOf('1994-12-31')).toMatch(/^This reads as 1994-12-31, and a shop has/)
    expect(reasonOf('2022-03-02')).toMatch(/^This reads as 2022-03-02, and a shop has/)
    expect(reasonOf('2022-03-01T12:00:01Z')).toMatch(/^This reads as 2022-03-01T12:00:01Z, and a shop has/)
    expect(reasonOf('0001-01-01')).toMatch(/^This reads as 0001-01-01, and a shop has/)
    expect(reasonOf('9999999999999999')).toMatch(/^Expected milliseconds/)
    expect(reasonOf('8640000000000000')).toMatch(/^This reads as \+275760-09-13, and a shop has/)
  })

  test.each([
    ['1595884714', 'seconds since 1970', '2020-07-27'],
    ['946684800', 'seconds since 1970', '2000-01-01'],
    ['1595884714409000', 'microseconds since 1970', '2020-07-27'],
    ['1595884714409000000', 'nanoseconds since 1970', '2020-07-27'],
    ['44039', "a spreadsheet's count of days", '2020-07-27'],
    ['44039.75', "a spreadsheet's count of days", '2020-07-27'],
    ['44039,75', "a spreadsheet's count of days", '2020-07-27'],
    ['34700', "a spreadsheet's count of days", '1995-01-01'],
    ['20200727', 'a day without hyphens', '2020-07-27'],
  ])('%s is refused as %s, with the day to write', (cell, what, right) => {
    expect(reasonOf(cell)).toBe(`This reads as ${what}: write ${right}, or ${expected}`)
  })

  test('that are a year alone are refused as such', () => {
    for (const year of ['2020', '1987', '1999'])
      expect(reasonOf(year)).toBe(`This reads as a year: expected ${expected}`)
  })

  test('that look like milliseconds, and are of another time, are refused with what they read as', () => {
    expect(reasonOf('0')).toMatch(/^This reads as 1970-01-01, and a shop has/)
    expect(reasonOf('20200230')).toMatch(/^This reads as 1970-01-01, and a shop has/)
    expect(reasonOf('27072020')).toMatch(/^This reads as 1970-01-01, and a shop has/)
    expect(reasonOf('99999')).toMatch(/^This reads as 1970-01-01, and a shop has/)
    expect(reasonOf('3000')).toMatch(/^This reads as 1970-01-01, and a shop has/)
    expect(reasonOf('159588471440')).toMatch(/^This reads as 1975-01-22, and a shop has/)
    expect(reasonOf('15958847144099')).toMatch(/^This reads as 2475-09-18, and a shop has/)
  })

  test('whatever the digits, are either plausible or refused', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,20}$/), (digits) => {
        const result = day(digits)
        if (isCellError(result)) expect(result.reason).toMatch(/expected|Expected|write/)
        else expect(result! >= '1995-01-01' && result! <= '2022-03-01').toBe(true)
      }),
    )
  })

  test('are refused when a spreadsheet has shortened their milliseconds', () => {
    for (const cell of ['1.59588E12', '1.59588E+12', '1,59588e+12', '1e12'])
      expect(reasonOf(cell)).toBe(
        `A spreadsheet shortened this number and its last digits are lost: expected ${expected}`,
      )
  })

  test('are refused when they are none', () => {
    for (const cell of [
      '',
      'null',
      '-1',
      '2019-02-30',
      '2019-13-01',
      '01/02/2019',
      '27.07.2020',
      'yesterday',
      '2019-01-01T25:00',
      '1595884714409.0',
      'x44039',
      '44039.x',
      '1595884714409x',
      'x1595884714409',
      '1.5e12x',
      'x1e12',
    ])
      expect(reasonOf(cell), cell).toBe(`Expected ${expected}`)
  })
})
