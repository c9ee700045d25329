import { expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { type Endpoint, isForAdmin } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'
import { createClient } from './client.ts'
import { basePaths } from './routes.ts'
import { buildRequest } from './test/buildRequest.ts'

const fixture = useFixture()
const token = 'correct horse battery staple'
const createAdminApp = (settings = {}) =>
  createApp(endpoints, fixture.db, { admin: { token, db: fixture.db }, settings })
const admins = Object.entries<Endpoint>(endpoints).filter(([, endpoint]) => isForAdmin(endpoint))
const bases = basePaths.map((base) => base.replace(/:\w+/, 'hr-lax'))

const statuses = async (app: ReturnType<typeof createApp>, headers: Record<string, string>) => {
  const found = new Set<number>()
  for (const base of bases) {
    for (const [, endpoint] of admins) {
      const { path, ...init } = buildRequest(endpoint)
      for (const method of [init.method, 'PATCH'])
        found.add((await app.request(`${base}${path}`, { ...init, method, headers })).status)
    }
    for (const page of ['/admin', '/admin/assets/page.js'])
      found.add((await app.request(base + page, { headers })).status)
  }
  return found
}

test('without a token of its own, an app has nothing for the admin', async () => {
  expect(await statuses(createApp(endpoints, fixture.db), { authorization: token })).toEqual(new Set([404]))
})

test('what the public server of a balancer passes on finds nothing for the admin, also with the token', async () => {
  const headers = { authorization: token, 'Atelierx-Public': '1' }
  expect(await statuses(createAdminApp(), headers)).toEqual(new Set([404]))
  const document = await (await createAdminApp().request('/openapi.json', { headers })).text()
  expect(document).not.toContain('/moderation')
  const preflight = await createAdminApp().request('/moderation/reviews/1', { method: 'OPTIONS', headers })
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST, PUT')
})

test.each(['', 'Bearer', 'Bearer wrong', token.slice(1), `${token}x`, token.toUpperCase(), 'undefined'])(
  'the token %j is answered 401 by every endpoint for the admin, and changes nothing',
  async (authorization) => {
    const app = createAdminApp()
    const rows = () => fixture.sql`
      select (select json_agg(t) from reviews t) as reviews, (select json_agg(t) from questions t) as questions,
        (select json_agg(t) from answers t) as answers`
    const before = await rows()
    for (const [name, endpoint] of admins) {
      const { path, ...init } = buildRequest(endpoint)
      const response = await app.request(path, { ...init, headers: { authorization } })
      expect([name, response.status, response.headers.get('www-authenticate')]).toEqual([name, 401, 'Bearer'])
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.has('cache-group-invalidation')).toBe(false)
    }
    expect(await rows()).toEqual(before)
  },
)

test.each([token, `Bearer ${token}`, `bearer ${token}`])('the token is taken as %j', async (authorization) => {
  const response = await createAdminApp().request('/moderation/reviews', { headers: { authorization } })
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.has('etag')).toBe(false)
  expect(response.headers.has('cache-groups')).toBe(false)
})

test('a removal names what it invalidates, and an erasure everything', async () => {
  const app = createAdminApp()
  const headers = { authorization: token, 'content-type': 'application/json' }
  const invalidated = async (path: string, init: RequestInit) =>
    (await app.request(path, { ...init, headers })).headers.get('cache-group-invalidation')
  expect(await invalidated('/moderation/questions/1', { method: 'DELETE' })).toBe('"product-1", "question-1"')
  const body = JSON.stringify({ email: 'spammer@mail.example' })
  expect(await invalidated('/moderation/erasures', { method: 'POST', body })).toBe('"all"')
})

test('the typed client calls the endpoints for the admin with its token', async () => {
  const fetch = async (url: string, init: RequestInit) => createAdminApp().request(url, init)
  const client = createClient<typeof endpoints>('http://api', { token, fetch })
  expect(await client.respondToReview({ review_id: 1, response: null })).toEqual({
    ok: true,
    status: 204,
    value: undefined,
  })
  expect(await client.removeReview({ review_id: 4 })).toMatchObject({ ok: true, status: 204 })
  expect(await client.erasePerson({ email: 'spammer@mail.example' })).toMatchObject({ value: { questions: 1 } })
  expect(await client.listReportedReviews()).toMatchObject({ ok: true, value: [] })
  const stranger = createClient<typeof endpoints>('http://api', { token: 'wrong', fetch })
  expect(await stranger.listReportedReviews()).toMatchObject({ ok: false, failure: { code: 'wrong_token' } })
})

test('a review is hidden at the number of reports that the server is set to', async () => {
  const app = createAdminApp({ reportsToHide: 2 })
  const shown = async () => (await (await app.request('/reviews?product_id=1')).text()).includes('"review_id":1,')
  for (const isShown of [true, false, false]) {
    // No client can set it.
    await app.request('/reviews/1/report?reports_to_hide=1', { method: 'PUT' })
    expect(await shown()).toBe(isShown)
  }
})
