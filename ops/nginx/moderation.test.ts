import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type Endpoint, isForAdmin } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { basePaths } from '../../router/routes.ts'
import { buildRequest } from '../../router/test/buildRequest.ts'
import { describeNginx, useStack } from './test/stack.ts'

const token = 'admin-token-of-tests'
// Before the nodes start, which read it.
beforeAll(() => {
  vi.stubEnv('ATELIER_ADMIN_TOKEN', token)
  return () => vi.unstubAllEnvs()
})
const authorization = `Bearer ${token}`
const admins = Object.values<Endpoint>(endpoints).filter(isForAdmin)

describeNginx('the servers of a balancer', () => {
  const api = useStack()
  const atAdmin = (path: string, init: RequestInit = {}) =>
    fetch(api.stack.admin + path, { ...init, headers: { authorization, 'content-type': 'application/json' } })

  test('the public one has nothing for the admin, under any base path and however it is written', async () => {
    for (const base of basePaths.map((base) => base.replace(/:\w+/, 'hr-rfp'))) {
      for (const { path, ...init } of admins.map((endpoint) => buildRequest(endpoint)))
        expect([path, (await api.request(base + path, { ...init, headers: { authorization } })).status]).toEqual([
          path,
          404,
        ])
      expect((await api.request(`${base}/admin`)).status).toBe(404)
    }
    for (const path of [
      '/%6doderation/reviews',
      '/a/../moderation/reviews',
      '//moderation/reviews',
      '/moderation%2Freviews',
    ])
      expect((await api.request(path, { headers: { authorization, 'Atelierx-Public': '' } })).status).toBe(404)
    expect((await api.request('/openapi.json')).text).not.toContain('/moderation')
  })

  test('the admin server asks for the token, and keeps no answer', async () => {
    expect((await fetch(`${api.stack.admin}/moderation/reviews`)).status).toBe(401)
    for (let times = 0; times < 2; times += 1) {
      const response = await atAdmin('/moderation/reviews')
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
      expect(response.headers.get('x-cache')).toBe(null)
    }
  })

  const reviews = '/reviews?product_id=1'
  const answers = '/qa/questions/1/answers'
  const erasure = { method: 'POST', body: JSON.stringify({ email: 'mate@mail.example' }) }
  const response = { method: 'PUT', body: JSON.stringify({ response: 'Wax it.' }) }
  test.each([
    ['restoring', '/moderation/reviews/4/restore', { method: 'PUT' }, reviews],
    ['responding', '/moderation/reviews/1/response', response, reviews],
    ['removing', '/moderation/reviews/1', { method: 'DELETE' }, reviews],
    ['removing an answer', '/moderation/answers/1', { method: 'DELETE' }, answers],
    ['erasing', '/moderation/erasures', erasure, answers],
    ['removing a question', '/moderation/questions/1', { method: 'DELETE' }, '/qa/questions?product_id=1'],
  ] as const)('%s through the admin server shows in what the public one had cached', async (_, path, init, list) => {
    const before = await api.request(list)
    expect((await api.request(list)).cache).toBe('HIT')
    expect((await atAdmin(path, init)).ok).toBe(true)
    const after = await api.request(list)
    expect(after.cache).toBe('MISS')
    expect(after.text).not.toBe(before.text)
    await api.refill()
  })

  test('what is refused invalidates nothing', async () => {
    for (const cache of ['MISS', 'HIT']) expect((await api.request(reviews)).cache).toBe(cache)
    await fetch(`${api.stack.admin}/moderation/reviews/1`, { method: 'DELETE' })
    expect((await api.request(reviews)).cache).toBe('HIT')
  })
})

describe('a public server that is set to serve the admin', () => {
  describeNginx('with the token', () => {
    const api = useStack({ servesAdmin: true })
    test('serves the endpoints for the admin, and caches none', async () => {
      expect((await api.request('/moderation/reviews')).status).toBe(401)
      for (let times = 0; times < 2; times += 1)
        expect(await api.request('/moderation/reviews', { headers: { authorization } })).toMatchObject({
          status: 200,
          cache: null,
        })
    })
  })
})
