import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { type Db, Unavailable } from '../handlers/database.ts'
import { endpoint } from '../handlers/endpoint.ts'
import { Failure } from '../handlers/failure.ts'
import { createApp } from './app.ts'
import type { Incident } from './incident.ts'

const appOf = (handle: () => Promise<never>, log = (_incident: Incident) => {}) =>
  createApp(
    {
      getThing: endpoint({
        method: 'get',
        path: '/things',
        summary: '',
        status: 200,
        input: z.object({}),
        output: z.string(),
        failures: [new Failure('gone', 410, 'Error: gone')],
        example: {},
        handle,
      }),
    },
    {} as Db,
    { log },
  )
const throwing = (thrown: unknown, log?: (incident: Incident) => void) =>
  appOf(async () => {
    throw thrown
  }, log)
const headersOf = async (response: Response | Promise<Response>) => Object.fromEntries((await response).headers)

const everywhere = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Allow, Idempotent-Replayed, Location, Retry-After, X-Request-Id, X-Resource-Id',
  'cache-control': 'no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
const headers = { 'x-request-id': 'a-1_=' }
const plain = { ...everywhere, ...headers, 'content-type': 'text/plain; charset=UTF-8', vary: 'Accept' }

test('a refusal has the headers of every answer, and its own', async () => {
  const app = throwing(new Error('a bug'))
  expect(await headersOf(app.request('/things', { headers }))).toEqual(plain)
  expect(await headersOf(app.request('/things', { method: 'DELETE', headers }))).toEqual({
    ...plain,
    allow: 'GET, HEAD, OPTIONS',
  })
})

test('a database that is busy or away is asked for again a little later, and busy means that nothing was done', async () => {
  const heard: Incident[] = []
  const later = { ...plain, 'cache-control': 'no-store', 'retry-after': '1' }
  const log = (incident: Incident) => void heard.push(incident)
  const busy = throwing(new Unavailable('busy'), log).request('/things', { headers })
  expect(await headersOf(busy)).toEqual({ ...later, 'cache-group-invalidation': '' })
  expect(heard).toEqual([])
  const error = new Unavailable('away', { cause: new Error('closed') })
  expect(await headersOf(throwing(error, log).request('/things', { headers }))).toEqual(later)
  expect(heard).toEqual([{ requestId: 'a-1_=', method: 'GET', path: '/things', error }])
})

test('probes are kept by nobody', async () => {
  const app = throwing('')
  for (const path of ['/livez', '/readyz']) {
    const response = await app.request(path)
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    expect(await headersOf(response)).toEqual({
      ...everywhere,
      'x-request-id': expect.any(String),
      'content-type': 'text/plain; charset=UTF-8',
      'cache-control': 'no-store',
    })
  }
  const unready = createApp({}, {} as Db, { ready: async () => false }).request('/readyz', { headers })
  expect(await headersOf(unready)).toEqual({ ...plain, 'cache-control': 'no-store', 'retry-after': '1' })
})

test('a preflight names each method once, and all headers that clients send', async () => {
  expect(await headersOf(throwing('').request('/things', { method: 'OPTIONS' }))).toEqual({
    ...everywhere,
    'x-request-id': expect.any(String),
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, *',
    'access-control-max-age': '86400',
  })
})

test.each(['/openapi.json', '/api/openapi.json', '/api/fec2/hr-lax/openapi.json'])(
  'the document is at %s',
  async (path) => {
    const response = await throwing('').request(path)
    expect([
      response.headers.get('content-type'),
      Object.keys(((await response.json()) as { paths: object }).paths),
    ]).toEqual(['application/json', ['/things']])
  },
)

let gone: Hono
beforeEach(() => {
  gone = appOf(async () => new Failure('gone', 410, 'Error: gone') as never)
})
const typeFor = async (accept: string) =>
  (await gone.request('/things', { headers: { accept } })).headers.get('content-type')

test.each([
  'application/problem+json',
  'APPLICATION/PROBLEM+JSON',
  'application/problem+json;q=0.5',
  'application/problem+json; q=0.01, */*',
  'text/html, application/problem+json',
])('who accepts %s gets problem details', async (accept) => {
  expect(await typeFor(accept)).toBe('application/problem+json')
})

test.each([
  '*/*',
  'application/json',
  'application/problemjson',
  'application/problem+json;q=0',
  'application/problem+json ; q=0.000, text/plain',
  'application/problem+json;q=0 , */*',
])('who accepts %s gets plain text', async (accept) => {
  expect(await typeFor(accept)).toBe('text/plain; charset=UTF-8')
})

test('problem details name the status, or call it an error where it has no name', async () => {
  const accept = { headers: { accept: 'application/problem+json' } }
  expect(await (await gone.request('/things?a=1', accept)).json()).toEqual({
    type: 'about:blank',
    title: 'Error',
    status: 410,
    detail: 'Error: gone',
    code: 'gone',
    faults: [],
    instance: '/things',
  })
  expect(await (await gone.request('/nowhere', accept)).json()).toMatchObject({ title: 'Not Found' })
})

test('the id of a request is that of its proxy if it is short and plain', async () => {
  const idOf = async (id: string) =>
    (await gone.request('/nowhere', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
  for (const id of ['a', 'x'.repeat(128), 'a-b_c=']) expect(await idOf(id)).toBe(id)
  for (const id of ['', 'x'.repeat(129), 'a b', 'é', 'a.b', ' a;']) expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/)
})
