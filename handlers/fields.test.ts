import fc from 'fast-check'
import { expect, test } from 'vitest'
import { id, photos, rowsOf, text, whole } from './fields.ts'

const accepts = (field: { safeParse: (value: unknown) => { success: boolean } }, value: unknown) =>
  field.safeParse(value).success

test('takes a whole number as a number and as digits alike', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_147_483_647 }), (value) => {
      expect(id.parse(value)).toBe(value)
      expect(id.parse(String(value))).toBe(value)
    }),
  )
})

test('takes nothing else for a whole number', () => {
  const others = [-1, 1.5, 2 ** 31, Number.NaN, '-1', '+1', '1.0', '1e3', '0x10', ' 5', '5 ', '', '٣', '00000000001']
  for (const value of [...others, null, undefined, true, [7], { valueOf: () => 1 }]) {
    expect(accepts(id, value), JSON.stringify(value)).toBe(false)
  }
})

test('keeps a whole number within its bounds', () => {
  const rating = whole(1, 5)
  expect([0, 1, 5, 6].map((value) => accepts(rating, value))).toEqual([false, true, true, false])
})

test('takes only text that PostgreSQL can store', () => {
  expect(accepts(text(5), 'plain')).toBe(true)
  expect(accepts(text(5), 'longer')).toBe(false)
  expect(accepts(text(5), 'a\0b')).toBe(false)
  expect(accepts(text(5), '\uD83E')).toBe(false)
  expect(accepts(text(5), '\u{1F9E5}')).toBe(true)
})

test('takes photos from the web alone', () => {
  expect(accepts(photos, ['http://photos.example/a', 'HTTPS://photos.example/b?c=d&e=f'])).toBe(true)
  for (const url of [
    'javascript:alert(1)',
    'data:image/png;base64,AA==',
    'blob:https://photos.example/1',
    '/a',
    '',
    5,
  ]) {
    expect(accepts(photos, [url]), String(url)).toBe(false)
  }
})

test('pages follow one another without a gap or a repeat, for any count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 199 }), (count, page) => {
      const here = rowsOf({ page, count })
      const next = rowsOf({ page: page + 1, count })
      expect(here).toEqual({ skip: (page - 1) * count, take: count })
      if (next.take > 0) expect(next.skip).toBe(here.skip + here.take)
    }),
  )
})

test('no page, however it is asked for, reads beyond the first million rows or more than 5000', () => {
  fc.assert(
    fc.property(fc.nat(2_147_483_647), fc.nat(2_147_483_647), (page, count) => {
      const { skip, take } = rowsOf({ page, count })
      expect(skip + take).toBeLessThanOrEqual(1_000_000)
      expect(take).toBeLessThanOrEqual(5000)
      expect(skip).toBeGreaterThanOrEqual(0)
    }),
  )
})
