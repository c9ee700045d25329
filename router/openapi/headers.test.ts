import { describe, expect, test } from 'vitest'
import { type Db, Unavailable } from '../../handlers/database.ts'
import { type Endpoint, isForAdmin } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { adminToken, useApi } from '../test/api.ts'
import { buildRequest } from '../test/buildRequest.ts'
import { successHeaders } from '../handler.ts'
import { buildDocument } from './document.ts'
import { headers, successHeaderNames } from './headers.ts'

const api = useApi()
const hasReplicas = { hasReplicas: true }
const document = JSON.parse(JSON.stringify(buildDocument(endpoints, hasReplicas)))

const documentedHeaders = (endpoint: Endpoint, status: number): string[] => {
  const { responses } = document.paths[endpoint.path.replace(/:(\w+)/g, '{$1}')][endpoint.method]
  const { $ref, headers } = responses[status]
  return Object.keys($ref ? document.components.responses[$ref.split('/').at(-1)].headers : headers)
}

/** Expects a response to have the headers that are always there, and no other than its operation lists. */
const expectDocumented = (endpoint: Endpoint, status: number, response: Response) => {
  expect(response.status).toBe(status)
  const documented = documentedHeaders(endpoint, status)
  const sent = Object.keys(headers).filter((name) => response.headers.has(name))
  expect(documented).toEqual(expect.arrayContaining(sent))
  expect(sent).toEqual(expect.arrayContaining(documented.filter((name) => headers[name]?.required)))
  return { sent, documented }
}

describe.each(Object.entries<Endpoint>(endpoints))('the headers of %s are as the document says', (_, endpoint) => {
  const { path, ...request } = buildRequest(endpoint)
  const own = isForAdmin(endpoint) ? { authorization: adminToken } : {}
  const init = { ...request, headers: own }
  const createAdminApp = (db: Db, options = {}) =>
    createApp(endpoints, db, { ...options, admin: { token: adminToken, db } })

  test('for a success, on replicas', async () => {
    const consistency = { readAt: () => api.db, currentToken: async () => 'a-token' }
    const app = createAdminApp(api.db, { consistency })
    await api.sql`savepoint before`
    const { sent, documented } = expectDocumented(endpoint, endpoint.status, await app.request(path, init))
    await api.sql`rollback to savepoint before`
    const withKey = { ...init, headers: { 'Idempotency-Key': 'a-key', authorization: 'a-token', ...own } }
    await app.request(path, withKey)
    const again = expectDocumented(endpoint, endpoint.status, await app.request(path, withKey))
    expect(new Set([...sent, ...again.sent])).toEqual(new Set(documented))
  })

  test('for an answer that the client has', async () => {
    const etag = (await api.request(path, init)).headers.get('etag')
    if (etag === null) return
    expectDocumented(endpoint, 304, await api.request(path, { ...init, headers: { ...own, 'if-none-match': etag } }))
  })

  test('for a method that is not taken, a busy database and a bug', async () => {
    expectDocumented(endpoint, 405, await api.request(path, { method: 'PATCH' }))
    const reject = async () => Promise.reject(new Unavailable('busy'))
    const busy = createAdminApp({ get: reject, run: reject } as Db)
    expectDocumented(endpoint, 503, await busy.request(path, init))
    const broken = createAdminApp({} as Db, { log: () => {} })
    expectDocumented(endpoint, 500, await broken.request(path, init))
  })

  test('for input that is refused', async () => {
    const refused = path.includes('/1') ? path.replace('/1', '/x') : `${path.split('?')[0]}?page=x`
    const response = await api.request(refused, init.body === undefined ? init : { ...init, body: '{}' })
    if (response.status !== endpoint.status) expectDocumented(endpoint, response.status, response)
    if (init.body !== undefined) expectDocumented(endpoint, 400, await api.request(path, { ...init, body: '{' }))
  })
})

test('a refusal from the database is replayed as the document says', async () => {
  const { addReview } = endpoints
  const { path, ...init } = buildRequest(addReview, { ...addReview.example, product_id: 7 })
  const withKey = { ...init, headers: { 'Idempotency-Key': 'a-key' } }
  await api.request(path, withKey)
  const { sent } = expectDocumented(addReview, 404, await api.request(path, withKey))
  expect(sent).toContain('Idempotent-Replayed')
})

test('a token of a write is neither asked for nor promised without replicas', () => {
  expect(JSON.stringify(document)).toContain('Consistency-Token')
  expect(JSON.stringify(buildDocument(endpoints))).not.toContain('Consistency-Token')
})

test('a success names what it can have beyond the headers of all, and no more', () => {
  const namesOf = (name: keyof typeof endpoints, hasReplicas = true) =>
    successHeaderNames(endpoints[name], hasReplicas).slice(Object.keys(successHeaders(endpoints[name])).length)
  expect(namesOf('getReviewMeta')).toEqual([])
  expect(namesOf('getCart')).toEqual([])
  expect(namesOf('addToCart')).toEqual(['Idempotent-Replayed', 'X-Resource-Id', 'Location', 'Set-Cookie'])
  expect(namesOf('recordInteraction')).toEqual(['Idempotent-Replayed', 'X-Resource-Id'])
  const ofVote = ['Idempotent-Replayed', 'Cache-Group-Invalidation']
  expect(namesOf('markReviewHelpful', false)).toEqual(ofVote)
  expect(namesOf('markReviewHelpful')).toEqual([...ofVote, 'Consistency-Token'])
})

test('a read that all share takes a token where there are replicas, and no other operation does', () => {
  const { paths } = JSON.parse(JSON.stringify(buildDocument(endpoints, hasReplicas)))
  const takesToken = (operation: object) =>
    JSON.stringify((operation as { parameters: object[] }).parameters).includes('"name":"Consistency-Token"')
  expect([paths['/reviews'].get, paths['/cart'].get, paths['/reviews'].post].map(takesToken)).toEqual([
    true,
    false,
    false,
  ])
})
