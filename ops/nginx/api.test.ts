import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import type { Db } from '../../handlers/database.ts'
import { endpoint, type Endpoint } from '../../handlers/endpoint.ts'
import { unknownReview } from '../../handlers/failure.ts'
import { id } from '../../handlers/fields.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../../router/app.ts'
import { listen } from '../../router/runtimes/http/listen.ts'
import { findNginx } from '../stack/findNginx.ts'
import { type Balancer, startNginx } from '../stack/nginx.ts'
import { buildApiModule } from './api.ts'
import { describeNginx } from './test/stack.ts'

// A later version of the API, with a parameter `voice` and an endpoint for one review; both echo their input.
const echo = async (_db: Db, input: object) => input as never
const listReviews: Endpoint = {
  ...endpoints.listReviews,
  input: endpoints.listReviews.input.extend({ voice: z.enum(['1', '5', 'any']).default('any').catch('any') }),
  output: z.looseObject({}),
  handle: echo,
}
const getReview = endpoint({
  method: 'get',
  path: '/reviews/:review_id',
  summary: 'A review',
  status: 200,
  input: z.object({ review_id: id, product_id: id.optional(), language: z.string().optional() }),
  output: z.looseObject({}),
  failures: [unknownReview],
  example: { review_id: 1 },
  cache: { by: 'product_id' },
  handle: echo,
})
const current = Object.fromEntries(
  Object.entries<Endpoint>(endpoints).filter(([, { path }]) => path !== getReview.path),
)
const more: Readonly<Record<string, Endpoint>> = { getReview, ...current, listReviews }

test('the module of the balancer has what the endpoints declare', () => {
  expect(buildApiModule(more)).toContain('"^/reviews/(%d+)$"')
  expect(buildApiModule(more)).toMatch(/"voice",\s+\["kind"\] = "enum"/)
  expect(buildApiModule(current)).not.toMatch(/"voice"|"\^\/reviews\/\(/)
  for (const { method, path, cache } of Object.values(endpoints) as Endpoint[]) {
    if (method !== 'get') continue
    expect(buildApiModule(endpoints).includes(`["format"] = "${path.replace(/:\w+/, '%s')}"`), path).toBe(
      cache !== undefined,
    )
  }
})

describeNginx('a new version of the API', () => {
  const startBalancer = async (served: Readonly<Record<string, Endpoint>>): Promise<Balancer> => {
    const none: Db = { get: () => Promise.reject(new Error()), run: () => Promise.reject(new Error()) }
    const node = await listen(() => createApp(more, none), { host: '127.0.0.1', port: 0 })
    onTestFinished(() => node.stop({ drainMs: 0 }))
    const place = { ports: [node.port], limits: 'off', endpoints: served } as const
    const balancer = await startNginx(await findNginx(), place)
    onTestFinished(balancer.stop)
    return balancer
  }
  const request = async ({ url }: Balancer, path: string) => {
    const answer = await fetch(url + path)
    return [answer.headers.get('x-cache'), await answer.json()]
  }
  const reviews = '/reviews?product_id=1'
  const all = { product_id: 1, page: 1, count: 5, sort: 'relevant', voice: 'any' }

  test('a parameter that the balancer does not know bypasses the cache, and reaches the node', async () => {
    const balancer = await startBalancer(current)
    for (const cache of ['MISS', 'HIT']) expect(await request(balancer, reviews)).toEqual([cache, all])
    for (let times = 0; times < 2; times += 1) {
      expect(await request(balancer, `${reviews}&voice=5`)).toEqual(['BYPASS', { ...all, voice: '5' }])
      expect(await request(balancer, '/reviews/7?product_id=1')).toEqual([null, { review_id: 7, product_id: 1 }])
    }
    expect(await request(balancer, reviews)).toEqual(['HIT', all])
  })

  test('a new parameter and a new endpoint are cached by their values', async () => {
    const balancer = await startBalancer(more)
    expect(await request(balancer, `${reviews}&voice=5`)).toEqual(['MISS', { ...all, voice: '5' }])
    expect(await request(balancer, `/api${reviews}&count=05&voice=5`)).toEqual(['HIT', { ...all, voice: '5' }])
    for (const same of ['', '&voice=any', '&voice=7']) {
      expect(await request(balancer, reviews + same)).toEqual([same === '' ? 'MISS' : 'HIT', all])
    }
    for (const cache of ['MISS', 'HIT']) {
      expect(await request(balancer, '/reviews/7?product_id=1')).toEqual([cache, { review_id: 7, product_id: 1 }])
      expect(await request(balancer, '/reviews/07?language=en&product_id=1')).toEqual([
        cache,
        { review_id: 7, product_id: 1, language: 'en' },
      ])
    }
  })
})
