import { expect, test } from 'vitest'
import type { endpoints } from '../handlers/index.ts'
import { createClient } from './client.ts'
import { useApi } from './test/api.ts'

const api = useApi()
const url = 'http://shop.example'

/** A client whose tries get these answers in turn, after the document, and the tries. */
const answering = (...answers: (Response | Error)[]) => {
  const tries: RequestInit[] = []
  const fetch = async (address: string, init: RequestInit) => {
    if (address.endsWith('/openapi.json')) return api.request('/openapi.json')
    tries.push(init)
    const answer = answers[tries.length - 1] ?? new Error('no answer is left')
    if (answer instanceof Error) throw answer
    return answer
  }
  return { client: createClient<typeof endpoints>(url, { fetch }), tries }
}
const busy = (retryAfter = '0') => new Response('busy', { status: 503, headers: { 'Retry-After': retryAfter } })
const cart = () => Response.json([])

test('a read is tried again when the API is busy or cannot be reached, and no more often than it may be', async () => {
  const { client, tries } = answering(busy(), new TypeError('fetch failed'), cart(), busy(), busy(), busy())
  expect(await client.getCart()).toMatchObject({ ok: true, value: [] })
  expect(await client.getCart()).toMatchObject({
    ok: false,
    failure: { code: 'unreachable', status: 503, text: 'busy' },
  })
  expect(tries).toHaveLength(6)
})

test('Retry-After is obeyed, and not waited for when it is longer than a try may take', async () => {
  const { client, tries } = answering(busy('1'), cart(), busy('11'))
  const started = performance.now()
  expect(await client.getCart()).toMatchObject({ ok: true })
  expect(performance.now() - started).toBeGreaterThan(990)
  expect(await client.getCart()).toMatchObject({ ok: false, status: 503 })
  expect(tries).toHaveLength(3)
})

test('a write is tried once, and again when it has an idempotency key', async () => {
  const { client, tries } = answering(busy(), busy(), new Response('Created', { status: 201 }))
  expect(await client.addToCart({ sku_id: 1 })).toMatchObject({ ok: false, status: 503 })
  expect(tries).toHaveLength(1)
  expect(await client.addToCart({ sku_id: 1 }, { idempotencyKey: 'k' })).toMatchObject({ ok: true, value: 'Created' })
  expect(tries[2]?.headers).toMatchObject({ 'Idempotency-Key': 'k' })
})
