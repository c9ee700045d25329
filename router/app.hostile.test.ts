import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'

const fixture = useFixture()
const incidents: unknown[] = []
let app: Hono
beforeEach(() => {
  app = createApp(endpoints, fixture.db, { log: (incident) => incidents.push(incident) })
})

const review = {
  product_id: 1,
  rating: 5,
  summary: 's',
  body: 'b',
  recommend: true,
  name: 'n',
  email: 'n@mail.example',
}
const status = async (path: string, body?: unknown) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await app.request(path, body === undefined ? {} : { method: 'POST', body: text })
  expect(incidents).toEqual([])
  return response.status
}

test.each([
  '%00',
  '1%00',
  '1e3',
  '0x10',
  '-1',
  '1.0',
  '+1',
  '%201',
  '2147483648',
  '99999999999999999999',
  '١',
  '%ED%A0%80',
  '%',
])('the id %s is none, in a path and in a query', async (id) => {
  expect(await status(`/products/${id}`)).toBe(404)
  expect(await status(`/qa/questions/${id}/answers`)).toBe(404)
  expect(await status(`/reviews?product_id=${id}`)).toBe(422)
  expect(await status(`/products?count=${id}`)).toBe(422)
})

test.each(['1e3', '0x10', '', 1.5, -1, 2_147_483_648, '2147483648', true, [1], { id: 1 }, null])(
  'the id %j is none in a body',
  async (product_id) => {
    expect(await status('/reviews', { ...review, product_id })).toBe(422)
  },
)

test('the largest id is one that names nothing', async () => {
  expect(await status('/products/2147483647')).toBe(404)
  expect(await status('/reviews?product_id=2147483647&page=2147483647&count=2147483647')).toBe(200)
})

test.each(['summary', 'body', 'name', 'email'])('NUL and half a surrogate pair are refused in %s', async (field) => {
  const whole = JSON.stringify({ ...review, [field]: 'here' })
  for (const text of [String.raw`\u0000`, String.raw`\ud800`, String.raw`\udc00a`]) {
    expect(await status('/reviews', whole.replace('here', text))).toBe(422)
  }
})

test('bytes that are no UTF-8 are stored as replacement characters, or refused, and never a fault', async () => {
  const body = new Uint8Array([
    ...new TextEncoder().encode('{"element":"'),
    0xff,
    0xc0,
    ...new TextEncoder().encode('","widget":"","time":""}'),
  ])
  expect((await app.request('/interactions', { method: 'POST', body })).status).toBe(201)
  expect(incidents).toEqual([])
})

test.each(['{', '{"a":}', "{'a':1}", 'undefined', 'NaN', '{"a":1}}', 'product_id=1'])(
  'the body %s is malformed',
  async (body) => {
    expect(await status('/reviews', body)).toBe(400)
  },
)

test.each(['null', '[]', '7', '"text"', 'true', '', '   '])(
  'the body %s breaks the rules of the endpoint',
  async (body) => {
    expect(await status('/reviews', body)).toBe(422)
    expect(await status('/cart', body)).toBe(422)
    expect(await status('/qa/questions/1/answers', body)).toBe(422)
  },
)

test('a body that nests deep is refused, however deep', async () => {
  for (const depth of [9, 1000, 30_000]) {
    expect(await status('/reviews', `${'['.repeat(depth)}${']'.repeat(depth)}`)).toBe(400)
    expect(await status('/reviews', `${'{"a":'.repeat(depth / 3)}1${'}'.repeat(depth / 3)}`)).toBe(
      depth === 9 ? 422 : 400,
    )
  }
})

test.each([
  '{"__proto__":{"product_id":1}}',
  '{"characteristics":{"__proto__":1}}',
  '{"constructor":{"prototype":{}}}',
])('the keys of %s are refused, and no prototype changes', async (body) => {
  expect(await status('/reviews', body)).toBe(400)
  expect(({} as Record<string, unknown>).product_id).toBeUndefined()
})

test.each(['javascript:alert(1)', ' \u0001jAvA\tScript:alert(1)', 'vbscript:x', 'data:text/html,x'])(
  'the photo %j is refused, as a browser would run it',
  async (url) => {
    expect(await status('/reviews', { ...review, photos: [url] })).toBe(422)
    expect(await status('/qa/questions/1/answers', { ...review, photos: [url] })).toBe(422)
  },
)

test('fields that are too long are refused', async () => {
  for (const [field, length] of Object.entries({ summary: 1001, body: 10_001, name: 256, email: 400 })) {
    expect(await status('/reviews', { ...review, [field]: `${'x'.repeat(length)}@mail.example` })).toBe(422)
  }
  expect(await status('/reviews', { ...review, photos: Array(51).fill('https://photos.example/1.jpg') })).toBe(422)
})

test('a body over 64 KiB is refused with and without a Content-Length, and one of 64 KiB is read', async () => {
  const text = (bytes: number) => `{"element":"","widget":"","time":""}`.padEnd(bytes)
  const post = async (body: string, headers: Record<string, string>) =>
    (await app.request('/interactions', { method: 'POST', body, headers })).status
  for (const lengthOf of [(bytes: number) => ({ 'content-length': `${bytes}` }), () => ({})]) {
    expect(await post(text(65_536), lengthOf(65_536) as Record<string, string>)).toBe(201)
    expect(await post(text(65_537), lengthOf(65_537) as Record<string, string>)).toBe(413)
  }
  expect(await post(text(70_000), { 'content-length': '5' })).toBe(413)
})

test.each(["1'; drop table products; --", '1 or 1=1', '{}', '__proto__', 'constructor'])(
  'the sort "%s" is relevant',
  async (sort) => {
    expect(await status(`/reviews?product_id=1&sort=${encodeURIComponent(sort)}`)).toBe(200)
  },
)
