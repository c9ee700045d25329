import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import type { Db } from '../handlers/database.ts'
import { endpoint } from '../handlers/endpoint.ts'
import { unknownProduct } from '../handlers/failure.ts'
import { cart, Created, id, NoContent } from '../handlers/fields.ts'
import { created, done } from '../handlers/mutation.ts'
import { createApp } from './app.ts'

// A database is a name here, and a handler shows which it was given.
const databaseOf = (name: string) => ({ get: async () => name }) as unknown as Db
const nameOf = async (db: Db) => ({ from: await db.get<object, string>({} as never, {}) })
const output = z.object({ from: z.string() })
const common = { summary: '', status: 200, output, failures: [unknownProduct] } as const

let isSoldOut = false
const shop = {
  getThing: endpoint({
    ...common,
    method: 'get',
    path: '/things/:product_id',
    input: z.object({ product_id: id }),
    example: { product_id: 1 },
    cache: { by: 'product_id' },
    handle: async (db, { product_id }) => (product_id === 9 ? unknownProduct : nameOf(db)),
  }),
  getUncached: endpoint({
    ...common,
    method: 'get',
    path: '/uncached',
    input: z.object({}),
    example: {},
    handle: nameOf,
  }),
  getOwn: endpoint({
    ...common,
    method: 'get',
    path: '/own',
    input: z.object({ cart }),
    example: { cart: 'f'.repeat(64) },
    handle: nameOf,
  }),
  addOwn: endpoint({
    ...common,
    method: 'post',
    path: '/own',
    status: 201,
    input: z.object({ cart }),
    output: Created,
    example: { cart: 'f'.repeat(64) },
    handle: async () => (isSoldOut ? unknownProduct : created({})),
  }),
  addThing: endpoint({
    ...common,
    method: 'post',
    path: '/things',
    status: 201,
    input: z.object({ product_id: id }),
    output: Created,
    example: { product_id: 1 },
    invalidates: ['product_id', 'question_id'],
    handle: async (_db, { product_id }) =>
      product_id === 9 ? unknownProduct : created({ product_id, question_id: product_id + 1 }),
  }),
  touchThing: endpoint({
    ...common,
    method: 'put',
    path: '/things/:product_id',
    status: 204,
    input: z.object({ product_id: id }),
    output: NoContent,
    example: { product_id: 1 },
    handle: async () => done({}),
  }),
}

let written: string | undefined = '0/7'
const after: string[] = []
const consistency = {
  readAt: (token: string) => {
    after.push(token)
    return databaseOf(`replica at ${token}`)
  },
  currentToken: async () => written,
}
let bare: Hono
let consistent: Hono
beforeEach(() => {
  bare = createApp(shop, databaseOf('primary'))
  consistent = createApp(shop, databaseOf('primary'), { consistency })
})

const send = async (path: string, init: RequestInit = {}, app = consistent) => {
  const response = await app.request(path, init)
  const header = (name: string) => response.headers.get(name)
  return { status: response.status, text: await response.text(), header }
}
const post = (path: string, body = '', headers = {}) => send(path, { method: 'POST', body, headers })

test('a read has a validator, and is answered without its body to who has kept it', async () => {
  const first = await send('/things/1')
  expect([first.status, first.text, first.header('content-type')]).toEqual([
    200,
    '{"from":"primary"}',
    'application/json',
  ])
  const etag = first.header('etag') ?? ''
  expect(etag).toMatch(/^W\/"-?\d+\.-?\d+"$/)
  for (const kept of [etag, `"other", ${etag}`, '*']) {
    const again = await send('/things/1', { headers: { 'if-none-match': kept } })
    expect([again.status, again.text, again.header('etag')]).toEqual([304, '', etag])
  }
  const other = await send('/things/1', { headers: { 'if-none-match': '"other"' } })
  expect([other.status, other.text]).toEqual([200, first.text])
})

test('only what is declared cacheable names a group', async () => {
  expect((await send('/things/07')).header('cache-groups')).toBe('"product-7"')
  expect((await send('/uncached')).header('cache-groups')).toBeNull()
  expect((await send('/uncached')).header('etag')).not.toBeNull()
  expect((await send('/things/9')).header('cache-groups')).toBeNull()
})

test("what is the caller's own is kept by nobody, and has no validator", async () => {
  for (const answer of [await send('/own'), await post('/own')]) {
    expect([answer.header('cache-control'), answer.header('etag')]).toEqual(['no-store', null])
  }
  expect((await send('/things/1')).header('cache-control')).toBe('no-cache')
  const form = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  const refused = await post('/own', '', form)
  expect([refused.status, refused.header('cache-control')]).toEqual([403, 'no-store'])
  isSoldOut = true
  const unknown = await post('/own')
  isSoldOut = false
  expect([unknown.status, unknown.header('cache-control')]).toEqual([404, 'no-store'])
})

test('a new cart comes with its cookie, and one that is known with none', async () => {
  expect((await post('/own')).header('set-cookie')).toMatch(/^s_id=/)
  expect((await post('/own', '', { cookie: 's_id=mine' })).header('set-cookie')).toBeNull()
  expect((await send('/own')).header('set-cookie')).toBeNull()
  expect((await post('/things', '{"product_id":1}')).header('set-cookie')).toBeNull()
})

test('a read that brings a token is answered by what has that much, and one of a cart by the primary', async () => {
  after.length = 0
  const headers = { 'consistency-token': '0/5' }
  expect((await send('/things/1', { headers })).text).toBe('{"from":"replica at 0/5"}')
  expect((await send('/things/1')).text).toBe('{"from":"primary"}')
  expect((await send('/own', { headers })).text).toBe('{"from":"primary"}')
  expect((await send('/things/1', { headers }, bare)).text).toBe('{"from":"primary"}')
  expect(after).toEqual(['0/5'])
})

test('a write names what it invalidates, and the token that shows it, with replicas alone', async () => {
  const body = '{"product_id":1}'
  const answer = await post('/things', body)
  expect([answer.status, answer.text, answer.header('content-type')]).toEqual([
    201,
    'Created',
    'text/plain; charset=UTF-8',
  ])
  expect(answer.header('cache-group-invalidation')).toBe('"product-1", "question-2"')
  expect(answer.header('consistency-token')).toBe('0/7')
  expect((await send('/things', { method: 'POST', body }, bare)).header('consistency-token')).toBeNull()
  written = undefined
  expect((await post('/things', body)).header('consistency-token')).toBeNull()
  written = '0/7'
})

test('a write that invalidates nothing names nothing', async () => {
  const touched = await send('/things/1', { method: 'PUT' })
  expect([touched.status, touched.text, touched.header('content-type')]).toEqual([204, '', null])
  for (const answer of [touched, await post('/own'), await post('/things', '{"product_id":9}')]) {
    expect([answer.header('cache-group-invalidation'), answer.header('consistency-token')]).toEqual([null, null])
  }
})

test('a failure is answered in place of what was asked for, also where a body cannot be read', async () => {
  const unknown = await send('/things/9')
  expect([unknown.status, unknown.text, unknown.header('cache-control')]).toEqual([
    404,
    'Error: invalid product_id provided',
    'no-cache',
  ])
  const broken = await post('/things', '{')
  expect([broken.status, broken.text]).toEqual([400, 'Error: the body is no readable JSON'])
})

test('a failure of what is private is kept by nobody, and any other may be asked for again', async () => {
  for (const [body, headers] of [
    ['{', {}],
    ['', { 'idempotency-key': 'a b' }],
  ] as const) {
    const [ofCart, ofAll] = [
      await post('/own', body, headers),
      await post('/things', body || '{"product_id":1}', headers),
    ]
    expect([ofCart.status, ofCart.header('cache-control')]).toEqual([400, 'no-store'])
    expect([ofAll.status, ofAll.header('cache-control')]).toEqual([400, 'no-cache'])
  }
})

test('the document tells of consistency tokens where there are replicas', async () => {
  const [plain, replicated] = [await send('/openapi.json', {}, bare), await send('/openapi.json')]
  expect([plain.text, replicated.text].map((text) => text.includes('Consistency-Token'))).toEqual([false, true])
})
