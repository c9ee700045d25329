import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'

const fixture = useFixture()
let app: Hono
beforeEach(() => {
  app = createApp(endpoints, fixture.db)
})

test.each([
  ['/products/1', 'hr-rfp'],
  ['/api/products/1', 'hr-rfp'],
  ['/api/fec2/hr-lax/products/1', 'hr-lax'],
  ['/api/fec2/rfe_7/products/1/', 'rfe_7'],
])('%s echoes the campus %s', async (path, campus) => {
  expect(await (await app.request(path)).json()).toMatchObject({ id: 1, campus })
})

test('a client cannot set the campus by query', async () => {
  expect(await (await app.request('/products/1?campus=mine')).json()).toMatchObject({ campus: 'hr-rfp' })
  expect(await (await app.request('/api/fec2/a/products?campus=mine&count=1')).json()).toMatchObject([{ campus: 'a' }])
})

test('a campus that cannot be one is refused', async () => {
  for (const campus of ['%00', 'a%20b', 'x'.repeat(41)]) {
    const response = await app.request(`/api/fec2/${campus}/products`)
    expect([response.status, await response.text()]).toEqual([422, 'Error: invalid campus provided'])
  }
})

test('an answer is JSON of type application/json, and carries the headers that guard a browser', async () => {
  const { headers } = await app.request('/products')
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
})

test('HEAD answers as GET does, without the body', async () => {
  const response = await app.request('/products/1', { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([200, ''])
  expect(response.headers.get('content-type')).toBe('application/json')
  expect((await app.request('/products/999', { method: 'HEAD' })).status).toBe(404)
})

test('a failure names the request by the id that its proxy gave it, if that is plain, and by a new one otherwise', async () => {
  const idOf = async (id: string) =>
    (await app.request('/nowhere', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
  expect(await idOf('0af7651916cd43dd')).toBe('0af7651916cd43dd')
  for (const id of ['', '{"a":1}', 'x'.repeat(129)]) expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/)
})

test('/livez holds always, and /readyz while the server is ready', async () => {
  const statuses = async (ready: () => Promise<boolean>) => {
    const app = createApp(endpoints, fixture.db, { ready })
    return [(await app.request('/livez')).status, (await app.request('/readyz')).status]
  }
  expect(await statuses(async () => true)).toEqual([200, 200])
  expect(await statuses(async () => false)).toEqual([200, 503])
  expect(await statuses(() => Promise.reject(new Error('the database is gone')))).toEqual([200, 503])
})

test('a database can be one for each request, and so can be what says whether it is ready', async () => {
  const app = createApp(endpoints, ({ env }) => env.db, { ready: ({ env }) => env.ready() })
  const env = { db: fixture.db, ready: async () => false }
  expect((await app.request('/products/1', {}, env)).status).toBe(200)
  expect((await app.request('/readyz', {}, env)).status).toBe(503)
  const headers = { 'idempotency-key': 'k'.repeat(32) }
  expect((await app.request('/reviews/1/helpful', { method: 'PUT', headers }, env)).status).toBe(204)
})

test('a POST under a base path reads its parameters from the path, whatever the body says', async () => {
  const body = { question_id: 999, body: 'Yes.', name: 'n', email: 'n@mail.example' }
  const init = { method: 'POST', body: JSON.stringify(body) }
  const response = await app.request('/api/fec2/hr-rfp/qa/questions/1/answers/', init)
  expect([response.status, await response.text()]).toEqual([201, 'Created'])
  expect(response.headers.get('content-type')).toBe('text/plain; charset=UTF-8')
  const { count } = (await fixture.sql`select count(*)::int from answers where question_id = 1`)[0] ?? {}
  expect(count).toBe(5)
})

test('a write names in Cache-Group-Invalidation what it changed, and nothing else does', async () => {
  const changedBy = async (path: string, method = 'PUT', body = '{}') => {
    const init = method === 'GET' ? { method } : { method, body }
    const response = await app.request(path, init)
    return [response.status, response.headers.get('cache-group-invalidation')]
  }
  expect(await changedBy('/reviews/1/helpful')).toEqual([204, '"product-1"'])
  expect(await changedBy('/qa/answers/1/helpful')).toEqual([204, '"product-1", "question-1"'])
  expect(await changedBy('/cart', 'POST', '{"sku_id":1}')).toEqual([201, null])
  expect(await changedBy('/reviews/999/helpful')).toEqual([404, null])
  expect(await changedBy('/reviews/meta?product_id=1', 'GET')).toEqual([200, null])
})
