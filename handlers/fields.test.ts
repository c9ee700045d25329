import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  campus,
  cart,
  contextSource,
  email,
  flag,
  id,
  integer,
  pageRows,
  photos,
  requiredText,
  text,
} from './fields.ts'

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
  const rating = integer(1, 5)
  expect([0, 1, 5, 6].map((value) => accepts(rating, value))).toEqual([false, true, true, false])
  expect(rating.safeParse('five').error?.issues).toMatchObject([{ message: 'must be a whole number from 1 to 5' }])
})

test('tells the fields that the router fills, and from what, apart from those that clients send', () => {
  expect([cart, campus, id].map(contextSource)).toEqual(['cart', 'campus', undefined])
})

test('takes only text that PostgreSQL can store', () => {
  expect(accepts(text(5), 'plain')).toBe(true)
  expect(accepts(text(5), 'longer')).toBe(false)
  expect(accepts(text(5), 'a\0b')).toBe(false)
  expect(accepts(text(5), '\uD83E')).toBe(false)
  expect(accepts(text(5), '\u{1F9E5}')).toBe(true)
  for (const field of [requiredText('body', 5), photos.unwrap().element]) {
    for (const value of ['a\0b', '\0', '\uD83E']) expect(accepts(field, value), JSON.stringify(value)).toBe(false)
    expect(accepts(field, 'a\nb')).toBe(true)
  }
})

test('says of a text what it lacks, or how long it may be, by its label', () => {
  const field = requiredText('username', 5)
  expect(field.parse('plain')).toBe('plain')
  for (const [value, message] of [
    [undefined, 'username text is required'],
    ['', 'username text is required'],
    ['longer', 'username text must have at most 5 characters'],
    ['a\0b', 'username text must not hold NUL or broken Unicode'],
    ['a\uD83E', 'username text must not hold NUL or broken Unicode'],
  ])
    expect(field.safeParse(value).error?.issues.map((issue) => issue.message)).toEqual([message])
})

const image = 'data:image/png;base64,AA=='

test('takes any text for a photo, to the letter', () => {
  const texts = ['a', 'blob:http://a', 'fecupload/qv1xy2', 'C:\\fakepath\\x.jpg', ' x\n', '//a', 'ftp://a', '\u{1F9E5}']
  const near = [
    'javascript',
    'java script:x',
    'a javascript:',
    'xjavascript:x',
    'javascript/x:y',
    'database:x',
    'metadata:x',
  ]
  const urls = ['HTTPS://photos.example/b?c=d&e=f', image, 'DATA: image/svg+xml,x', 'x'.repeat(2048)]
  const all = [...texts, ...near, ...urls]
  expect(photos.parse(all)).toEqual(all)
})

test.each([
  'javascript:alert(1)',
  'VBScript:x',
  'data:text/html,x',
  'data:,x',
  'data:imagex/png,x',
  'DATA:x;image/png,x',
])('refuses %s for a photo, however a browser may find it written', (url) => {
  const within = (more: string) => `${url.slice(0, 3)}${more}${url.slice(3)}`
  for (const written of [
    url,
    ` ${url}`,
    `\u0001\u001f${url}`,
    `\u00a0\ufeff${url}`,
    `\t\n${url}`,
    within('\t\r\n'),
    url.toUpperCase(),
  ])
    expect(photos.safeParse([image, written]).error?.issues, JSON.stringify(written)).toMatchObject([
      { path: [1], message: 'photos must contain text urls' },
    ])
})

test('refuses for a photo what is no text, empty, too long or cannot be stored', () => {
  for (const photo of ['', 'x'.repeat(2049), 'a\0', '\uD83E', 5, null, undefined, [], {}])
    expect(accepts(photos, [photo]), JSON.stringify(photo)).toBe(false)
  for (const list of ['https://photos.example/a', null, {}, 1]) expect(accepts(photos, list)).toBe(false)
  expect(photos.parse(undefined)).toEqual([])
})

test('takes true and false, and their names', () => {
  expect([true, false, 'true', 'false'].map((value) => flag.parse(value))).toEqual([true, false, true, false])
  for (const value of ['TRUE', ' true', '1', 1, 0, '', null, undefined]) expect(accepts(flag, value)).toBe(false)
})

test('takes an address for mail that a browser takes, and no other text', () => {
  for (const address of ['a@b', "o'hara+1@mail.example", '_`{|}~#*@mail.example', `${'a'.repeat(241)}@mail.example`])
    expect(accepts(email, address), address).toBe(true)
  for (const address of ['', 'a', 'a@', '@b', 'a b@c', 'a@b@c', 'a@-b', 'a@b..c', `${'a'.repeat(242)}@mail.example`])
    expect(accepts(email, address), address).toBe(false)
})

test('pages follow one another without a gap or a repeat, for any count', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 199 }), (count, page) => {
      const here = pageRows({ page, count })
      const next = pageRows({ page: page + 1, count })
      expect(here).toEqual({ skip: (page - 1) * count, take: count })
      if (next.take > 0) expect(next.skip).toBe(here.skip + here.take)
    }),
  )
})

test('the last page ends with the millionth row, and those behind it are empty', () => {
  expect(pageRows({ page: 200, count: 5000 })).toEqual({ skip: 995_000, take: 5000 })
  expect(pageRows({ page: 201, count: 5000 })).toEqual({ skip: 0, take: 0 })
})

test('no page, however it is asked for, reads beyond the first million rows or more than 5000', () => {
  fc.assert(
    fc.property(fc.nat(2_147_483_647), fc.nat(2_147_483_647), (page, count) => {
      const { skip, take } = pageRows({ page, count })
      expect(skip + take).toBeLessThanOrEqual(1_000_000)
      expect(take).toBeLessThanOrEqual(5000)
      expect(skip).toBeGreaterThanOrEqual(0)
    }),
  )
})
