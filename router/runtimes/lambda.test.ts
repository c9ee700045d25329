import { execFileSync } from 'node:child_process'
import type { LambdaEvent } from 'hono/aws-lambda'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import { endpoints } from '../../handlers/index.ts'
import { createLambda } from './createLambda.ts'
import { startProxy } from './test/proxy.ts'
import { handler } from './lambda.ts'

let own: TestDatabase
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
})
afterAll(() => own.drop())

type Request = {
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly cookies?: string[]
  readonly body?: string
  readonly isBase64Encoded?: boolean
}

/** The event of API Gateway for an HTTP API, payload version 2.0. */
const gateway = (method: string, path: string, { query = '', headers, cookies, body, ...more }: Request = {}) =>
  ({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers: { host: 'abc123.execute-api.eu-west-1.amazonaws.com', 'x-forwarded-proto': 'https', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '05/Mar/2024:06:07:08 +0000',
      timeEpoch: 1709618828009,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
    ...more,
  }) as unknown as LambdaEvent

const elb = { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/6d0ecf831eec9f09' }

/** The event of a load balancer: single values, or lists where its target group is set to send them. */
const balancer = (
  httpMethod: string,
  path: string,
  headers: Record<string, string>,
  more: object = {},
  lists = false,
) => {
  const all = Object.entries({ host: 'api-1.eu-west-1.elb.amazonaws.com', ...headers })
  return {
    requestContext: { elb },
    httpMethod,
    path,
    ...(lists
      ? { multiValueHeaders: Object.fromEntries(all.map(([name, value]) => [name, [value]])) }
      : { headers: Object.fromEntries(all), queryStringParameters: {} }),
    body: '',
    isBase64Encoded: false,
    ...more,
  } as unknown as LambdaEvent
}

test('without DATABASE_URL it says so, and starts once that is set', async () => {
  delete process.env.DATABASE_URL
  await expect(handler(gateway('GET', '/livez'))).rejects.toThrow('DATABASE_URL is not set')
  process.env.DATABASE_URL = own.url
  expect(await handler(gateway('GET', '/livez'))).toMatchObject({ statusCode: 200, body: 'ok' })
})

test('an event of API Gateway is answered as text', async () => {
  const result = await handler(gateway('GET', '/api/fec2/hr-lax/products', { query: 'page=1&count=1&count=9' }))
  expect(result).toMatchObject({
    statusCode: 200,
    isBase64Encoded: false,
    headers: { 'content-type': 'application/json' },
  })
  expect(JSON.parse(result.body)).toMatchObject([{ id: 1, campus: 'hr-lax' }])
})

test('a body in base64 is read', async () => {
  const body = btoa(JSON.stringify({ element: 'a', widget: 'b', time: 'c' }))
  const result = await handler(gateway('POST', '/interactions', { body, isBase64Encoded: true }))
  expect(result).toMatchObject({ statusCode: 201, body: 'Created' })
})

test('problem details are answered as text too', async () => {
  const headers = { accept: 'application/problem+json' }
  const result = await handler(gateway('GET', '/products/undefined', { headers }))
  expect(result).toMatchObject({ statusCode: 404, isBase64Encoded: false })
  expect(JSON.parse(result.body)).toMatchObject({ code: 'unknown_product' })
})

test('the cookie of a cart goes out and comes back', async () => {
  const added = await handler(gateway('POST', '/cart', { body: '{"sku_id":"2"}' }))
  const [cookie = ''] = (added as { cookies?: string[] }).cookies ?? []
  expect(cookie).toMatch(/^s_id=/)
  const result = await handler(gateway('GET', '/cart', { cookies: ['a=b', cookie.split(';')[0] ?? ''] }))
  expect(JSON.parse(result.body)).toEqual([{ sku_id: 2, count: '1' }])
})

test.each([false, true])('an event of a load balancer is answered (lists of values: %s)', async (lists) => {
  const query = lists
    ? { multiValueQueryStringParameters: { product_id: ['1', '4'] } }
    : { queryStringParameters: { product_id: '1' } }
  const meta = await handler(balancer('GET', '/reviews/meta/', { authorization: 'a' }, query, lists))
  expect(JSON.parse(meta.body)).toMatchObject({ product_id: '1' })

  const added = await handler(balancer('POST', '/cart', {}, { body: '{"sku_id":1}' }, lists))
  const { headers, multiValueHeaders } = added as unknown as Record<string, Record<string, string | string[]>>
  const [cookie = ''] = [(lists ? multiValueHeaders : headers)?.['set-cookie'] ?? ''].flat()
  const cart = await handler(balancer('GET', '/cart', { cookie: cookie.split(';')[0] ?? '' }, {}, lists))
  expect(JSON.parse(cart.body)).toEqual([{ sku_id: 1, count: '1' }])
})

test('the page leads to the document, which is text', async () => {
  expect(await handler(gateway('GET', '/docs'))).toMatchObject({
    statusCode: 302,
    headers: { location: '/openapi.json' },
  })
  expect(JSON.parse((await handler(gateway('GET', '/openapi.json'))).body)).toMatchObject({ openapi: '3.1.0' })
})

/** The event of a REST API of API Gateway, whose path lacks the stage. */
const rest = (path: string, stage: string, context = `/${stage}${path}`) =>
  ({
    resource: '/{proxy+}',
    path,
    httpMethod: 'GET',
    headers: { Host: 'abc123.execute-api.eu-west-1.amazonaws.com' },
    multiValueHeaders: { Host: ['abc123.execute-api.eu-west-1.amazonaws.com'] },
    queryStringParameters: { product_id: '1' },
    multiValueQueryStringParameters: { product_id: ['1'] },
    requestContext: { stage, path: context, httpMethod: 'GET' },
    body: null,
    isBase64Encoded: false,
  }) as unknown as LambdaEvent

const staged = (path: string, stage: string) => {
  const event = gateway('GET', path, { query: 'product_id=1' })
  return { ...event, requestContext: { ...event.requestContext, stage } } as LambdaEvent
}

test.each([
  ['a REST API', rest('/reviews/meta', 'prod')],
  ['a REST API with a stage like a path', rest('/reviews/meta', 'reviews')],
  ['a REST API under a domain of its own', rest('/reviews/meta', 'prod', '/reviews/meta')],
  ['an HTTP API', staged('/prod/reviews/meta', 'prod')],
  ['an HTTP API under a domain of its own', staged('/reviews/meta', 'prod')],
  ['an HTTP API of version 1.0', rest('/prod/reviews/meta', 'prod', '/prod/reviews/meta')],
])('the stage of %s is no part of the path', async (_, event) => {
  expect(await handler(event)).toMatchObject({ statusCode: 200 })
})

test('a redirect names the stage', async () => {
  expect(await handler(staged('/prod/docs', 'prod'))).toMatchObject({ headers: { location: '/prod/openapi.json' } })
  expect(await handler(staged('/prod', 'prod'))).toMatchObject({ headers: { location: '/prod/openapi.json' } })
  expect(await handler(rest('/docs', 'prod'))).toMatchObject({
    multiValueHeaders: { location: ['/prod/openapi.json'] },
  })
})

test('a Host cannot change the path, and a cookie over http asks for no https', async () => {
  const hostile = { ...balancer('GET', '/nowhere', { host: '9/products?' }) }
  expect(await handler(hostile)).toMatchObject({ statusCode: 404 })
  const added = async (protocol: string) =>
    JSON.stringify(
      await handler(balancer('POST', '/cart', { 'x-forwarded-proto': protocol }, { body: '{"sku_id":1}' })),
    )
  expect(await added('http')).not.toContain('Secure')
  expect(await added('https')).toContain('Secure')
})

const countReviews = async () => (await own.sql`select count(*)::int as n from reviews`)[0]?.n as number
const review = gateway('POST', '/reviews', { body: JSON.stringify(endpoints.addReview.example) })
const killAll = `
  import { client } from './db/client.ts'
  const sql = client(process.env.DATABASE_URL, { max: 1 })
  await sql\`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()\`
  await sql.end({ timeout: 5 })`

test.each([
  ['the server ended the connection', () => execFileSync(process.execPath, ['--import', 'tsx', '-e', killAll])],
  ['the network cut the connection', undefined],
])('the first write of an instance that thaws after %s is done, once', async (_, end) => {
  const proxy = await startProxy(own.url)
  onTestFinished(proxy.stop)
  vi.stubEnv('DATABASE_URL', end ? own.url : proxy.url)
  onTestFinished(() => void vi.unstubAllEnvs())
  const instance = createLambda(endpoints)
  expect(await instance(review)).toMatchObject({ statusCode: 201 })
  const before = await countReviews()

  // As in an instance that is frozen, nothing of this process runs until the event is there.
  const now = Date.now()
  ;(end ?? proxy.cut)()
  vi.spyOn(Date, 'now').mockReturnValue(now + 600_000)
  onTestFinished(() => void vi.restoreAllMocks())
  expect(await instance(review)).toMatchObject({ statusCode: 201 })
  expect(await countReviews()).toBe(before + 1)
})

test('an instance has one connection, however many requests it answers at once', async () => {
  vi.stubEnv('DATABASE_URL', own.url)
  onTestFinished(() => void vi.unstubAllEnvs())
  const connections = async () =>
    (
      await own.sql<{ pid: number }[]>`
        select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`
    ).map(({ pid }) => pid)
  const before = await connections()
  const instance = createLambda(endpoints)
  const asked = ['/products', '/reviews?product_id=1', '/readyz', '/qa/questions?product_id=1&count=900']
  await Promise.all(asked.map((path) => instance(gateway('GET', path))))
  // Others may end meanwhile.
  expect((await connections()).filter((pid) => !before.includes(pid))).toHaveLength(1)
})
