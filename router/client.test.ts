import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Db } from '../handlers/database.ts'
import { endpoint } from '../handlers/endpoint.ts'
import { id } from '../handlers/fields.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'
import { type ClientOptions, createClient } from './client.ts'
import { useApi } from './test/api.ts'

const api = useApi()
const url = 'http://shop.example'

/** A client of the API in this process, and the requests that it made. */
const clientOf = (options: ClientOptions = {}) => {
  const requests: string[] = []
  const fetch = async (address: string, init: RequestInit) => {
    requests.push(`${init.method ?? 'GET'} ${address.slice(url.length)}`)
    return api.request(address.slice(url.length), init)
  }
  return { client: createClient<typeof endpoints>(`${url}/`, { fetch, ...options }), requests }
}

test('calls each operation by its name, with its input where the path, the query and the body have it', async () => {
  const { client, requests } = clientOf()
  const meta = await client.getReviewMeta({ product_id: 1 })
  expect(meta).toMatchObject({ ok: true, status: 200, value: { product_id: '1', recommended: { true: '3' } } })
  expect(await client.listProducts({ page: undefined, count: 1 })).toMatchObject({ ok: true, value: [{ id: 1 }] })
  expect(await client.listProducts()).toMatchObject({ ok: true })
  expect(await client.listAnswers({ question_id: 1, count: 2 })).toMatchObject({ ok: true, value: { count: '2' } })
  expect(await client.addReview(endpoints.addReview.example)).toEqual({ ok: true, status: 201, value: 'Created' })
  expect(await client.markReviewHelpful({ review_id: 1 })).toEqual({ ok: true, status: 204, value: undefined })
  expect(requests).toEqual([
    'GET /openapi.json',
    'GET /reviews/meta?product_id=1',
    'GET /products?count=1',
    'GET /products',
    'GET /qa/questions/1/answers?count=2',
    'POST /reviews',
    'PUT /reviews/1/helpful',
  ])
})

test('gives failures as values, with their code and what was wrong', async () => {
  const { client } = clientOf()
  const unknown = await client.getProduct({ product_id: 7 })
  const failure = { code: 'unknown_product', status: 404, text: 'Error: invalid product_id provided', faults: [] }
  expect(unknown).toEqual({ ok: false, status: 404, failure })
  expect(await client.addToCart({ sku_id: 'none' })).toMatchObject({
    ok: false,
    failure: { code: 'invalid_cart', faults: [{ field: 'sku_id' }] },
  })
})

test('a base path does as well, and is passed on', async () => {
  const fetch = async (address: string, init: RequestInit) => api.request(address.slice(url.length), init)
  const client = createClient<typeof endpoints>(`${url}/api/fec2/hr-lax`, { fetch })
  expect(await client.getProduct({ product_id: 1 })).toMatchObject({ value: { campus: 'hr-lax' } })
})

test('a token names the cart', async () => {
  const { client } = clientOf({ token: 'somebody' })
  await client.addToCart({ sku_id: 4, count: 3 })
  expect(await client.getCart()).toMatchObject({ value: [{ sku_id: 4, count: '3' }] })
})

test('what cannot be reached, or is no answer of the API, is a value too, and the next call starts anew', async () => {
  const fetches = [new Error('down'), await api.request('/openapi.json'), new Response('<html>', { status: 502 })]
  const fetch = async () => {
    const answer = fetches.shift()
    if (answer instanceof Response) return answer
    throw answer ?? new Error('none is left')
  }
  const client = createClient<typeof endpoints>(url, { fetch, retries: 0 })
  const unreachable = (status: number, text: string) => ({
    ok: false,
    status,
    failure: { code: 'unreachable', status, text, faults: [] },
  })
  expect(await client.getCart()).toEqual(unreachable(0, 'Error: down'))
  expect(await client.getCart()).toEqual(unreachable(502, '<html>'))
})

test('a try that takes too long is given up, and a call that its caller aborts rejects', async () => {
  const fetch = async (address: string, { signal }: RequestInit) => {
    if (address.endsWith('/openapi.json')) return api.request('/openapi.json')
    return new Promise<Response>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error))
    })
  }
  const client = createClient<typeof endpoints>(url, { fetch, timeoutMs: 20, retries: 0 })
  expect(await client.getCart()).toMatchObject({ failure: { code: 'unreachable', status: 0 } })
  const patient = createClient<typeof endpoints>(url, { fetch })
  await expect(patient.getCart({}, { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
})

test('an API of other endpoints has a client of their types', async () => {
  const input = z.object({ tags: z.array(z.string()).default([]) })
  const output = z.object({ tags: z.array(z.string()) })
  const common = { summary: '', status: 200, failures: [] } as const
  const listTags = endpoint({
    ...common,
    method: 'get',
    path: '/tags',
    input,
    output,
    example: {},
    handle: async (_db, asked) => asked,
  })
  const dropTag = endpoint({
    ...common,
    method: 'delete',
    path: '/tags/:id',
    input: z.object({ id, hard: z.string().optional() }),
    output: z.int(),
    example: { id: 1 },
    handle: async (_db, asked) => asked.id,
  })
  const app = createApp({ listTags, dropTag }, {} as Db)
  const fetch = async (address: string, init: RequestInit) => app.request(address, init)
  const client = createClient<{ listTags: typeof listTags; dropTag: typeof dropTag }>(url, { fetch })
  expect(await client.listTags({ tags: ['wet', 'warm & dry'] })).toMatchObject({
    value: { tags: ['wet', 'warm & dry'] },
  })
  expect(await client.dropTag({ id: 7, hard: 'yes' })).toMatchObject({ value: 7 })
})

export const clientsAreTyped = async () => {
  const client = createClient<typeof endpoints>(url)
  // @ts-expect-error: a field that the input lacks
  await client.getReviewMeta({ prodct_id: 1 })
  // @ts-expect-error: an input that is needed
  await client.getReviewMeta()
  // @ts-expect-error: a field that only the router fills
  await client.addToCart({ sku_id: 1, cart: 'mine' })
  const result = await client.listStyles({ product_id: 1 })
  if (!result.ok) {
    const { code } = result.failure
    if (code === 'unknown_product' || code === 'unreachable') return undefined
    // @ts-expect-error: failures of the router are left
    return code satisfies never
  }
  result.status satisfies 200
  result.value.results satisfies { style_id: number }[]
  // @ts-expect-error: no such field
  return result.value.styles
}
