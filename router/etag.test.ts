import { expect, test } from 'vitest'
import { etagOf, isKept } from './etag.ts'
import { useApi } from './test.ts'

const api = useApi()
const get = async (path: string, ifNoneMatch?: string, method = 'GET') => {
  const headers = ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }
  const response = await api.request(path, { method, headers })
  return { status: response.status, etag: response.headers.get('etag') ?? '', response }
}

test.each([
  '/products',
  '/products/1',
  '/products/1/styles',
  '/products/1/related',
  '/reviews?product_id=1',
  '/reviews/meta?product_id=1',
  '/qa/questions?product_id=1',
  '/qa/questions/1/answers',
])('%s is answered without its body to a client that has kept it', async (path) => {
  const { status, etag, response } = await get(path)
  expect([status, etag]).toEqual([200, expect.stringMatching(/^W\/"[-.\d]+"$/)])
  expect(await response.text()).not.toBe('')
  const again = await get(path, etag)
  expect([again.status, again.etag, await again.response.text()]).toEqual([304, etag, ''])
})

test('an answer that has changed is answered anew', async () => {
  const { etag } = await get('/reviews?product_id=1')
  await api.request('/reviews/1/helpful', { method: 'PUT' })
  const changed = await get('/reviews?product_id=1', etag)
  expect(changed.status).toBe(200)
  expect(changed.etag).not.toBe(etag)
})

test('a client may name what it has kept in a list, as strong, or with an asterisk', async () => {
  const { etag } = await get('/products/1')
  for (const kept of [`"a", ${etag}`, etag.slice(2), '*', ` ${etag} ,"b"`])
    expect((await get('/products/1', kept)).status).toBe(304)
  for (const kept of ['', '"a"', etag.slice(0, -1), etag.slice(3, -1), 'W/""'])
    expect((await get('/products/1', kept)).status).toBe(200)
})

test('a 304 has the headers that its 200 would have, but for those that describe the body', async () => {
  const { etag, response } = await get('/products/1')
  const kept = (await get('/products/1', etag)).response
  expect(response.headers.get('cache-control')).toBe('no-cache')
  for (const name of ['cache-control', 'access-control-allow-origin', 'vary'])
    expect(kept.headers.get(name)).toBe(response.headers.get(name))
  expect(kept.headers.has('content-type')).toBe(false)
})

test('HEAD is answered with the validator of GET, and with 304 to a client that has kept it', async () => {
  const { etag } = await get('/products/1')
  expect(await get('/products/1', undefined, 'HEAD')).toMatchObject({ status: 200, etag })
  expect(await get('/products/1', etag, 'HEAD')).toMatchObject({ status: 304, etag })
})

test('a cart and a failure have no validator', async () => {
  expect(await get('/cart', '*')).toMatchObject({ status: 200, etag: '' })
  expect(await get('/products/999', '*')).toMatchObject({ status: 404, etag: '' })
})

test('texts that differ in one character, or in their end, differ in their validators', () => {
  const text = `{"body": "${'Kept me warm. '.repeat(9000)}\u{1F9E5}"}`
  const near = Array.from({ length: 4000 }, (_, at) => `${text.slice(0, at * 31)}\u2603${text.slice(at * 31 + 1)}`)
  const ends = ['', '\0', '\0\0', 'a', 'a\0', 'a\0\0\0', 'aaaa', 'aaaa\0']
  const all = [text, ...near, ...ends]
  expect(new Set(all.map(etagOf)).size).toBe(all.length)
  expect(etagOf(`${text} `.slice(0, -1))).toBe(etagOf(text))
  expect(isKept(etagOf('a'), etagOf('a'))).toBe(true)
})
