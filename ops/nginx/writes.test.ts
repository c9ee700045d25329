import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { describeNginx, useStack } from './test/stack.ts'

const put = { method: 'PUT' }
const post = (body: object) => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' },
})
const by = { name: 'pilot', email: 'pilot@mail.example' }
const review = { product_id: 1, rating: 5, body: 'Dry.', recommend: true, ...by }
const reviews = '/reviews?product_id=1'
const questions = '/qa/questions?product_id=1'

describeNginx('writes', () => {
  const api = useStack()
  beforeEach(api.refill)
  const helpfulness = async (): Promise<number> => {
    const { results } = JSON.parse((await api.request(reviews)).text) as {
      results: { review_id: number; helpfulness: number }[]
    }
    return results.find(({ review_id }) => review_id === 1)!.helpfulness
  }

  test.each([
    ['/reviews', post(review), [reviews, '/reviews/meta?product_id=1', '/products/1']],
    ['/reviews/1/helpful', put, [reviews]],
    ['/api/fec2/hr-lax/reviews/1/report/', put, [reviews, '/reviews/meta?product_id=1']],
    ['/qa/questions', post({ product_id: 1, body: 'Why?', ...by }), [questions]],
    ['/qa/questions/1/helpful', put, [questions]],
    ['/qa/questions/1/answers', post({ body: 'So.', ...by }), [questions, '/qa/questions/1/answers']],
    ['/qa/answers/1/helpful', put, [questions, '/qa/questions/1/answers']],
    ['/qa/answers/1/report', put, [questions, '/qa/questions/1/answers']],
  ])('to %s invalidate what they changed, and nothing else', async (path, write, changed) => {
    const others = ['/products/2', '/reviews?product_id=4', '/qa/questions/2/answers']
    for (const read of [...changed, ...others]) await api.request(read)
    const { status, headers } = await api.request(path, write)
    expect(status).toBeLessThan(300)
    expect([headers.has('cache-group-invalidation'), headers.has('consistency-token')]).toEqual([false, false])
    for (const read of changed) expect((await api.request(read)).cache, read).toBe('MISS')
    for (const read of others) expect((await api.request(read)).cache, read).toBe('HIT')
  })

  test('invalidate for every spelling of their address', async () => {
    for (const path of ['/reviews/1/helpful#/cart', '/reviews/%31/helpful', '/cart/../reviews/1/helpful']) {
      const before = await helpfulness()
      const { hostname, port } = new URL(api.stack.url)
      const [response] = (await once(request({ hostname, port, path, method: 'PUT' }).end(), 'response')) as [
        IncomingMessage,
      ]
      expect(response.statusCode).toBe(204)
      expect(await helpfulness(), path).toBe(before + 1)
    }
  })

  test('show in every later read once acknowledged, in 200 rounds among readers', async () => {
    const end = new AbortController()
    const reading = [1, 2].map(async () => {
      while (!end.signal.aborted) await helpfulness()
    })
    const before = await helpfulness()
    for (let round = 1; round <= 200; round += 1) {
      expect((await api.request('/reviews/1/helpful', put)).status).toBe(204)
      expect(await helpfulness()).toBe(before + round)
    }
    end.abort()
    await Promise.all(reading)
  })

  test('show when their client did not wait for the response', async () => {
    const before = await helpfulness()
    await fetch(`${api.stack.url}/reviews/1/helpful`, { ...put, signal: AbortSignal.timeout(1) }).catch(() => {})
    await sleep(200)
    const [row] = await api.sql<{ helpfulness: number }[]>`select helpfulness from reviews where review_id = 1`
    expect(await helpfulness()).toBe(row?.helpfulness)
    expect(before).toBe(3)
  })
})
