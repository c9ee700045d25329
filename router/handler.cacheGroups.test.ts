import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { useFixture } from '../db/test/database.ts'
import { endpoint } from '../handlers/endpoint.ts'
import { unknownProduct } from '../handlers/failure.ts'
import { id } from '../handlers/fields.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'

const fixture = useFixture()
let app: Hono
beforeEach(() => {
  app = createApp(endpoints, fixture.db)
})

const groupsOf = async (path: string, headers: Record<string, string> = {}) => {
  const response = await app.request(path, { headers })
  return [response.status, response.headers.get('cache-groups')]
}

test.each([
  ['/products?page=2', '"shop"'],
  ['/products/4', '"product-4"'],
  ['/products/0004/styles', '"product-4"'],
  ['/products/4/related', '"product-4"'],
  ['/api/fec2/hr-lax/reviews/?product_id=0004', '"product-4"'],
  ['/reviews/meta?product_id=4', '"product-4"'],
  ['/qa/questions?product_id=4', '"product-4"'],
  ['/qa/questions/1/answers', '"question-1"'],
])('%s may be kept by a shared cache, in the group %s', async (path, group) => {
  expect(await groupsOf(path)).toEqual([200, group])
})

test.each(['/cart', '/livez', '/readyz', '/openapi.json', '/docs', '/', '/products/999', '/reviews', '/nowhere'])(
  '%s may not be kept by a shared cache',
  async (path) => expect((await groupsOf(path))[1]).toBeNull(),
)

test('a write that answers JSON invalidates by its input', async () => {
  const replaceProduct = endpoint({
    method: 'put',
    path: '/products/:product_id',
    summary: 'Replaces a product',
    status: 200,
    input: z.object({ product_id: id, name: z.string() }),
    output: z.object({ name: z.string() }),
    failures: [unknownProduct],
    example: { product_id: 1, name: 'Parka' },
    invalidates: ['product_id'],
    handle: async (_db, { name }) => ({ name }),
  })
  const init = { method: 'PUT', body: '{"name":"Parka"}' }
  const response = await createApp({ replaceProduct }, fixture.db).request('/products/07', init)
  expect([await response.json(), response.headers.get('cache-group-invalidation')]).toEqual([
    { name: 'Parka' },
    '"product-7"',
  ])
})

test('an answer without its body is none to be kept', async () => {
  const etag = (await app.request('/products/1')).headers.get('etag') ?? ''
  expect(await groupsOf('/products/1', { 'if-none-match': etag })).toEqual([304, null])
})
