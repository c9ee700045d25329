import { expect, test } from 'vitest'
import { computeEtag, matchesEtag } from './etag.ts'
import { useApi } from './test/api.ts'

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

/** Both halves of a validator. */
const halves = (text: string) => /^W\/"(-?\d+)\.(-?\d+)"$/.exec(computeEtag(text))!.slice(1)
const flipped = (text: string, at: number, bit: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1)

test('texts that differ in one character, in one bit, or in the order of their words, differ in their validators', () => {
  const text = `{"body": "${'Kept me warm. '.repeat(9000)}\u{1F9E5}"}`
  const near = Array.from({ length: 1000 }, (_, at) => `${text.slice(0, at * 125)}\u2603${text.slice(at * 125 + 1)}`)
  const bits = Array.from({ length: 7 }, (_, bit) => Array.from('Kept warm', (_, at) => flipped('Kept warm', at, bit)))
  const words = ['aaaa', 'bbbb', 'cccc', '\0\0\0\0', '\u00ff\u00ff']
  const orders = words.flatMap((a) => words.flatMap((b) => words.flatMap((c) => words.map((d) => a + b + c + d))))
  const all = [text, ...near, ...bits.flat(), ...orders]
  expect(new Set(all.map(computeEtag)).size).toBe(all.length)
})

test('texts that differ in their end differ in both halves of their validators', () => {
  const ends = ['', '\0', '\0\0', '\0\0\0\0', '\0\0\0\0\0', 'a', 'a\0', 'a\0\0\0', 'aaaa', 'aaaa\0']
  for (const half of [0, 1]) expect(new Set(ends.map((each) => halves(each)[half])).size).toBe(ends.length)
})

test('what was looked at before has no part in a validator', () => {
  const short = computeEtag('a')
  computeEtag('x'.repeat(70_000))
  expect(computeEtag('a')).toBe(short)
})

// While a build is deployed, clients ask nodes of the one and of the other, and what they have kept must hold for both.
test('the validator of a text stays what it is from build to build', () => {
  expect(computeEtag('')).toBe('W/"0.1"')
  expect(computeEtag('{"id":1}')).toBe('W/"-1214370940.-713724714"')
  expect(computeEtag(`{"body":"${'\u2603 warm '.repeat(20_000)}"}`)).toBe('W/"-1293370297.1393831245"')
})

test('what is kept is named in a list, weak or strong, or by an asterisk, and to the letter', () => {
  const etag = 'W/"1.2"'
  for (const kept of ['W/"1.2"', '"1.2"', '*', ' * ', '"a","1.2"', '"a", W/"1.2" ', '*,"a"']) {
    expect(matchesEtag(kept, etag), kept).toBe(true)
  }
  for (const kept of ['', '1.2', '"1.2', '"1.2"W/', 'w/"1.2"', '"W/1.2"', 'W/W/"1.2"', '"1.2" "a"', '**', '"*"']) {
    expect(matchesEtag(kept, etag), kept).toBe(false)
  }
})
