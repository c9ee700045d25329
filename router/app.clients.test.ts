import { expect, test } from 'vitest'
import { useApi } from './test/api.ts'

const api = useApi()

const status = async (path: string, init?: RequestInit) => (await api.request(path, init)).status
const post = (path: string, body: unknown, headers = {}) =>
  api.request(path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
const read = async (path: string) => (await api.request(path)).json()

test('a trailing slash changes nothing on GET and POST', async () => {
  expect(await read('/products/1/')).toEqual(await read('/products/1'))
  expect(await read('/reviews/?product_id=1')).toEqual(await read('/reviews?product_id=1'))
  expect((await post('/interactions/', { element: '', widget: '', time: '' })).status).toBe(201)
})

test('a count of 0 is an empty list', async () => {
  expect(await read('/products?count=0')).toEqual([])
  expect(await read('/reviews?product_id=1&count=0')).toMatchObject({ count: 0, results: [] })
  expect(await read('/qa/questions?product_id=1&count=0')).toMatchObject({ results: [] })
  expect(await read('/qa/questions/1/answers?count=0')).toMatchObject({ count: '0', results: [] })
})

test.each([20, 50, 750, 5000])('a count of %i is answered', async (count) => {
  expect(await read(`/products?count=${count}`)).toHaveLength(7)
  expect(await read(`/reviews?product_id=1&count=${count}`)).toMatchObject({ count })
  expect(await read(`/qa/questions?product_id=1&count=${count}`)).toHaveProperty('results.0')
  expect(await read(`/qa/questions/1/answers?count=${count}`)).toMatchObject({ count: String(count) })
})

test.each([undefined, '', '{}', '[]', 'null', '{"helpfulness":', 'helpful=1'])(
  'a PUT with the body %s is a 204 without a body',
  async (body) => {
    const response = await api.request('/reviews/1/helpful', { method: 'PUT', ...(body !== undefined && { body }) })
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
    expect(response.headers.has('content-type')).toBe(false)
  },
)

test('Content-Encoding: gzip on a GET without a body is answered', async () => {
  expect(await status('/products/1', { headers: { 'content-encoding': 'gzip' } })).toBe(200)
})

test('unknown query parameters and headers are passed over', async () => {
  expect(await status('/products?count=1&_=171&utm_source=mail&__proto__=1', { headers: { 'x-client': 'a' } })).toBe(
    200,
  )
})

test('the first of a repeated query parameter counts', async () => {
  expect(await read('/reviews/meta?product_id=4&product_id=abc')).toMatchObject({ product_id: '4' })
})

test('photos are given back as they came, whatever they are', async () => {
  const photos = [
    'a',
    'blob:http://localhost:3000/1f',
    'fecupload/qv1xy2',
    'C:\\fakepath\\x.jpg',
    ' "b"\n',
    'data:image/gif,x',
  ]
  const writer = { body: 'b', name: 'n', email: 'n@mail.example', photos }
  const review = {
    ...writer,
    product_id: 3,
    rating: 5,
    summary: '',
    recommend: 'true',
    characteristics: { 9999999999: 3 },
  }
  expect((await post('/reviews', review)).status).toBe(201)
  expect((await post('/qa/questions/3/answers', writer)).status).toBe(201)
  const shown = photos.map((url) => ({ url }))
  expect(await read('/reviews?product_id=3&sort=newest&count=1')).toMatchObject({
    results: [{ recommend: true, photos: shown }],
  })
  const answers = (await read('/qa/questions/3/answers?count=100')) as { results: { body: string }[] }
  const answer = answers.results.find(({ body }) => body === 'b')
  expect(answer).toMatchObject({ photos: shown })
})

test('Authorization: undefined is answered', async () => {
  for (const path of ['/products', '/cart']) {
    expect(await status(path, { headers: { authorization: 'undefined' } })).toBe(200)
  }
})

test('ids in bodies are taken as numbers and as digits', async () => {
  for (const sku_id of [1, '1']) {
    const response = await post('/cart', { sku_id }, { authorization: 'digits' })
    expect([response.status, await response.text()]).toEqual([201, 'Created'])
  }
})

test('/products/undefined is a 404 and /reviews/meta without a product a 422', async () => {
  expect(await status('/products/undefined')).toBe(404)
  expect(await status('/reviews/meta')).toBe(422)
})

test('the element of an interaction may be empty or a long outerHTML', async () => {
  for (const element of ['', `<div class="card">${'<p>"text"</p>'.repeat(3000)}</div>`]) {
    expect((await post('/interactions', { element, widget: 'overview', time: 'now' })).status).toBe(201)
  }
})

test.each(['application/json', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', ''])(
  'a body is read as JSON when its content type is "%s"',
  async (type) => {
    const body = { element: 'a', widget: 'b', time: 'c' }
    expect((await post('/interactions', body, { 'content-type': type })).status).toBe(201)
  },
)

test('what was just written is read back at once', async () => {
  await post('/qa/questions', { product_id: 3, body: 'Really?', name: 'n', email: 'n@mail.example' })
  expect(await read('/qa/questions?product_id=3')).toMatchObject({ results: [{ question_body: 'Really?' }] })
})
