import { expect, test } from 'vitest'
import { describeNginx, useStack } from './test/stack.ts'

const reviews = '/reviews?product_id=1'
const questions = '/qa/questions?product_id=1'

describeNginx('reads', () => {
  const api = useStack()

  test.each([
    '/products',
    '/products/1',
    '/products/1/styles',
    '/products/1/related',
    reviews,
    '/reviews/meta?product_id=1',
    questions,
    '/qa/questions/1/answers',
  ])('answers %s by itself the second time, with the same bytes and headers', async (path) => {
    const first = await api.request(path)
    const second = await api.request(path)
    expect([first.cache, second.cache]).toEqual(['MISS', 'HIT'])
    expect(second.text).toBe(first.text)
    const variable = new Set(['x-cache', 'x-request-id', 'date'])
    const common = ({ headers }: { headers: Headers }) => [...headers].filter(([name]) => !variable.has(name))
    expect(common(second)).toEqual(common(first))
  })

  test.each([
    [reviews, '/api/fec2/hr-lax/reviews/?count=5&sort=best&page=01&product_id=0001'],
    ['/products', '/api/products/?count=5&page=1'],
    ['/products/1', '/products/0000000001/?'],
    ['/products/1/styles', '/api/fec2/hr-lax/products/1/styles'],
    ['/products/1', '/api/fec2/hr-rfp/products/1'],
    [questions, '/qa/questions?count=5&product_id=1'],
  ])('knows that %s and %s are one', async (one, other) => {
    const first = await api.request(one)
    const second = await api.request(other)
    expect([second.cache, second.text]).toEqual(['HIT', first.text])
  })

  test.each([
    ['/products/1', '/api/fec2/hr-lax/products/1'],
    ['/products', '/products?page=0'],
    ['/products/1', '/products/00000000001'],
    [reviews, `${reviews}&sort=newest`],
    [reviews, `${reviews}&sor%74=newest`],
    [reviews, `${reviews}&sort=%6eewest`],
    [reviews, '/reviews?product_id=2&product_id=1'],
    [reviews, `${reviews}&utm=1`],
    ['/qa/questions/1/answers', '/qa/questions/1/answers?page=1'],
    ['/qa/questions/1/answers?count=5', '/qa/questions/1/answers?count=05'],
  ])('tells %s from %s', async (one, other) => {
    await api.request(one)
    const [{ cache, text }, direct] = [await api.request(other), await fetch(api.stack.nodes[0] + other)]
    expect(cache).not.toBe('HIT')
    expect(text).toBe(await direct.text())
  })

  test('caches nothing but responses with status 200', async () => {
    for (const path of ['/products/99', '/reviews', '/nowhere', '/livez', '/reviews?product_id=1&page=x']) {
      await api.request(path)
      expect((await api.request(path)).cache, path).not.toBe('HIT')
    }
  })

  test('answers a client that has the response with 304, and a HEAD from the cache', async () => {
    const { headers } = await api.request('/products/1')
    const again = await api.request('/products/1', { headers: { 'If-None-Match': headers.get('etag')! } })
    expect([again.status, again.cache]).toEqual([304, 'HIT'])
    expect(await api.request('/products/1', { method: 'HEAD' })).toMatchObject({ status: 200, cache: 'HIT', text: '' })
  })

  test('never caches a cart, and gives each client its own', async () => {
    const as = (token: string) => ({ headers: { Authorization: token } })
    const first = await api.request('/cart', as('first'))
    const second = await api.request('/cart', as('second'))
    expect([first.cache, second.cache]).toEqual([null, null])
    expect(second.text).not.toBe(first.text)
    const cookies = await Promise.all(
      [1, 2].map(async () => (await api.request('/cart', { method: 'POST', body: '{"sku_id": 1}' })).headers),
    )
    expect(new Set(cookies.map((headers) => headers.get('set-cookie'))).size).toBe(2)
  })

  test('invalidates everything on POST /invalidate, and counts hits', async () => {
    const hits = async () => {
      const { cache } = (await (await fetch(`${api.stack.admin}/status`)).json()) as { cache: { HIT: number } }
      return cache.HIT
    }
    const before = await hits()
    await api.request('/products/1')
    await api.request('/products/1')
    // A response is counted after it has been sent, so its client may be earlier.
    await expect.poll(hits).toBe(before + 1)
    expect((await fetch(`${api.stack.admin}/invalidate`, { method: 'POST' })).status).toBe(204)
    expect((await api.request('/products/1')).cache).toBe('MISS')
    expect((await fetch(`${api.stack.url}/invalidate`, { method: 'POST' })).status).toBe(404)
  })
})
