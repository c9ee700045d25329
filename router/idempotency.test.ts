import fc from 'fast-check'
import { expect, inject, test } from 'vitest'
import { type Endpoint, isForAdmin } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { buildRequest } from './test/buildRequest.ts'
import { adminToken, useApi } from './test/api.ts'

const api = useApi()
const isBehindBalancer = inject('served') !== undefined
const writes = Object.entries<Endpoint>(endpoints).filter(([, { method }]) => method !== 'get')

const send = async (key: string, path: string, body: object | undefined, headers: Record<string, string> = {}) => {
  const response = await api.request(path, {
    method: body ? 'POST' : 'PUT',
    ...(body && { body: JSON.stringify(body) }),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, Authorization: 'first', ...headers },
  })
  return { status: response.status, text: await response.text(), replayed: response.headers.get('idempotent-replayed') }
}
const question = { product_id: 1, body: 'Why?', name: 'pilot', email: 'pilot@mail.example' }
const countQuestions = async () =>
  (await api.sql<{ rows: number }[]>`select count(*)::int as rows from questions where question_body like 'Why%'`)[0]
    ?.rows

test.each(writes.filter(([, endpoint]) => !isBehindBalancer || !isForAdmin(endpoint)))(
  '%s with a key runs once, and is answered again as the first time',
  async (_name, endpoint) => {
    const { path, ...init } = buildRequest(endpoint)
    const Authorization = isForAdmin(endpoint) ? adminToken : 'first'
    const headers = { 'Content-Type': 'application/json', Authorization, 'Idempotency-Key': 'one' }
    const rows = () => api.sql`
    select (select count(*) from reviews) as reviews, (select count(*) from questions) as questions,
      (select count(*) from answers) as answers, (select count(*) from cart_items) as items,
      (select count(*) from interactions) as interactions, (select sum(helpfulness) from reviews) as helpful,
      (select sum(question_helpfulness) from questions) as of_questions,
      (select sum(helpfulness) from answers) as of_answers, (select json_agg(t) from review_totals t) as totals`
    const first = await api.request(path, { ...init, headers })
    expect(first.status).toBe(endpoint.status)
    expect(first.headers.has('idempotent-replayed')).toBe(false)
    const text = await first.text()
    const once = await rows()
    for (let tries = 0; tries < 2; tries += 1) {
      const again = await api.request(path, { ...init, headers })
      expect(again.status).toBe(first.status)
      expect(await again.text()).toBe(text)
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      for (const name of ['cache-group-invalidation', 'location', 'x-resource-id'])
        expect(again.headers.get(name)).toBe(first.headers.get(name))
    }
    expect(await rows()).toEqual(once)
  },
)

test('a key is kept with the answer that nothing was found, and none that was refused unread', async () => {
  const unknown = { ...question, product_id: 999_999 }
  expect(await send('k', '/qa/questions', unknown)).toMatchObject({ status: 404, replayed: null })
  expect(await send('k', '/qa/questions', unknown)).toMatchObject({ status: 404, replayed: 'true' })
  expect(await send('other', '/qa/questions', {})).toMatchObject({ status: 422, replayed: null })
  expect(await send('other', '/qa/questions', question)).toMatchObject({ status: 201, replayed: null })
})

test('a key of another body, route, id or caller is refused, and changes nothing', async () => {
  expect((await send('k', '/qa/questions', question)).status).toBe(201)
  const before = await countQuestions()
  const reused = { status: 422, text: expect.stringContaining('send a new one') as string, replayed: null }
  expect(await send('k', '/qa/questions', { ...question, body: 'Why not?' })).toEqual(reused)
  expect(await send('k', '/qa/questions/1/helpful', undefined)).toEqual(reused)
  expect(await send('k', '/qa/questions', question, { Authorization: 'second' })).toEqual(reused)
  expect(await send('v', '/qa/questions/1/helpful', undefined)).toMatchObject({ status: 204 })
  expect(await send('v', '/qa/questions/2/helpful', undefined)).toEqual(reused)
  expect(await countQuestions()).toBe(before)
  const problem = await api.request('/qa/questions', {
    method: 'POST',
    body: JSON.stringify({ ...question, name: 'other' }),
    headers: { Accept: 'application/problem+json', 'Content-Type': 'application/json', 'Idempotency-Key': 'k' },
  })
  expect(await problem.json()).toMatchObject({ code: 'idempotency_key_reused', status: 422 })
})

test('a body is the same whatever the order of its fields and its blanks', async () => {
  expect((await send('k', '/qa/questions', question)).status).toBe(201)
  const turned = Object.fromEntries(Object.entries(question).toReversed())
  expect(await send('k', '/qa/questions', turned)).toMatchObject({ status: 201, replayed: 'true' })
})

test('a cart that only a new cookie would name takes no key', async () => {
  const item = { sku_id: 1 }
  expect(await send('k', '/cart', item, { Authorization: '' })).toMatchObject({
    status: 422,
    text: expect.stringContaining('token') as string,
  })
  const cookie = { Authorization: '', Cookie: 's_id=mine' }
  expect((await send('k', '/cart', item, cookie)).status).toBe(201)
  expect((await send('k', '/cart', item, cookie)).replayed).toBe('true')
  expect((await send('k', '/cart', item, { Authorization: '', Cookie: 's_id=another' })).status).toBe(422)
})

test.each(['', 'a b', 'é', 'x'.repeat(256)])(
  'a key of %j is refused, and a write without one is as ever',
  async (key) => {
    expect(await send(key, '/qa/questions', question)).toMatchObject({
      status: 400,
      text: 'Error: an Idempotency-Key has 1 to 255 visible ASCII characters',
    })
  },
)

test('a key on a read is no key', async () => {
  const response = await api.request('/products/1', { headers: { 'Idempotency-Key': 'a b' } })
  expect(response.status).toBe(200)
})

test('any text that is a key is one key', async () => {
  const key = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 255,
  })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { minLength: 2, maxLength: 2 }), async ([one = '', other = '']) => {
      await api.sql`truncate idempotency_keys`
      const body = { ...question, body: 'Why so?' }
      expect(await send(one, '/qa/questions', body)).toMatchObject({ status: 201, replayed: null })
      expect(await send(other, '/qa/questions', body)).toMatchObject({ status: 201, replayed: null })
      expect(await send(one, '/qa/questions', body)).toMatchObject({ status: 201, replayed: 'true' })
    }),
    { numRuns: 25 },
  )
})
