import { expect, test } from 'vitest'
import type { Db } from '../handlers/database.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'
import { docs } from './pages/docs.ts'
import { addPictures } from './pages/pictures.ts'
import { parseTraceparent } from './requestId.ts'
import { buildRequest } from './test/buildRequest.ts'

const db = { get: async () => '{}', run: async () => ({ product_id: 1, question_id: 1, created_id: 1 }) }
const app = createApp(endpoints, db as unknown as Db, {
  routes: [docs(async () => new Uint8Array(1)), addPictures],
})
const send = (path: string, init: RequestInit = {}) => app.request(path, init)
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const requests = [
  ...Object.values(endpoints).map((endpoint) => buildRequest(endpoint)),
  ...['/', '/docs', '/docs/assets/page.js', '/docs/assets/none', '/openapi.json', '/livez', '/readyz', '/nowhere'].map(
    (path) => ({ method: 'GET', path }),
  ),
  { method: 'GET', path: '/pictures/jackets/1.svg' },
  { method: 'OPTIONS', path: '/products' },
  { method: 'DELETE', path: '/products' },
  { method: 'POST', path: '/reviews', body: '{' },
  { method: 'GET', path: '/reviews/meta?product_id=1', headers: { 'if-none-match': '*' } },
]

test.each(requests)('$method $path has the id and the trace of its request', async ({ path, ...init }) => {
  const { headers = {}, ...rest } = init as { headers?: Record<string, string> }
  const sent = { ...headers, 'x-request-id': 'mine-1', traceparent }
  const response = await send(path, { ...rest, headers: sent })
  expect(response.headers.get('x-request-id')).toBe('mine-1')
  expect(response.headers.get('server-timing')).toBe(`traceparent;desc="${traceparent}"`)
  const other = await send(path, { ...rest, headers: { ...headers, 'x-request-id': 'a b', traceparent: 'b' } })
  expect(other.headers.get('x-request-id')).toMatch(uuid)
  expect(other.headers.has('server-timing')).toBe(false)
})

test.each([
  [traceparent, traceparent],
  [`01${traceparent.slice(2)}-more`, `01${traceparent.slice(2)}`],
  [`${traceparent}-more`, undefined],
  [`ff${traceparent.slice(2)}`, undefined],
  [traceparent.toUpperCase(), undefined],
  [`00-${'0'.repeat(32)}-b7ad6b7169203331-01`, undefined],
  [`00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`, undefined],
  [`${traceparent}, ${traceparent}`, undefined],
  ['', undefined],
  [undefined, undefined],
])('the traceparent %j is read as %j', (text, read) => {
  expect(parseTraceparent(text)).toBe(read)
})
