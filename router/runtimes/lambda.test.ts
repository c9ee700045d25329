import type { LambdaEvent } from 'hono/aws-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
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
