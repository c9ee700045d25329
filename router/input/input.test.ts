import { Hono } from 'hono'
import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { Created, contextField } from '../../handlers/fields.ts'
import { createInputReader } from './input.ts'
import { baseCampus } from '../routes.ts'
import { httpFailures } from '../../handlers/failure.ts'

/** The input that an endpoint with these fields reads from a request. */
const read = async (
  method: Endpoint['method'],
  path: string,
  names: readonly string[],
  url: string,
  init: RequestInit = {},
) => {
  const field = (name: string) => (name === 'campus' || name === 'cart' ? contextField(name, z.unknown()) : z.unknown())
  const input = z.object(Object.fromEntries(names.map((name) => [name, field(name)])))
  const parts = { summary: '', status: 201, output: Created, failures: [], example: {} } as const
  const endpoint = { method, path, input, ...parts, handle: async () => undefined } as unknown as Endpoint
  const reader = createInputReader(endpoint)
  let found: unknown
  const app = new Hono().on(method.toUpperCase(), [path, `/in/:${baseCampus}${path}`], async (c) => {
    found = await reader(c, names.includes('cart') ? 'a hash' : undefined)
    return c.body(null)
  })
  const { status } = await app.request(url, { method: method.toUpperCase(), ...init })
  expect(status).toBe(200)
  return found
}
const body = (value: unknown) => ({ body: JSON.stringify(value) })

test('GET reads the query, and of it what is asked for alone', async () => {
  expect(await read('get', '/a', ['page', 'count'], '/a?count=5&page=%31&other=7')).toEqual({ page: '1', count: '5' })
  expect(await read('get', '/a', ['page', 'count'], '/a')).toEqual({ page: undefined, count: undefined })
})

test('a field that takes a list gets all that the query has of it, wrapped in a default or not', async () => {
  const input = z.object({ plain: z.array(z.string()), either: z.array(z.string()).default([]), one: z.string() })
  const reader = createInputReader({ method: 'get', path: '/a', input } as unknown as Endpoint)
  let found: unknown
  const app = new Hono().get('/a', (c) => c.text(String((found = reader(c)))))
  await app.request('/a?plain=1&either=2&one=3&plain=4&either=5&one=6')
  expect(found).toEqual({ plain: ['1', '4'], either: ['2', '5'], one: '3' })
})

test('POST reads the body, and of it what is asked for alone, and nothing that it inherits', async () => {
  const sent = body({ a: 1, b: [2], other: 3 })
  expect(await read('post', '/a', ['a', 'b', 'c', 'toString'], '/a?c=5', sent)).toEqual({ a: 1, b: [2] })
})

test('POST passes on a body that is no object, and what cannot be read', async () => {
  for (const value of [[1], 7, null, 'text']) expect(await read('post', '/a', ['a'], '/a', body(value))).toEqual(value)
  expect(await read('post', '/a', ['a'], '/a', { body: '{' })).toBe(httpFailures.malformedBody)
  expect(await read('post', '/a/:id', ['id'], '/a/7', body([1]))).toEqual([1])
})

test('PUT reads nothing but the path where no field is in the body, and a body where one is', async () => {
  expect(await read('put', '/a/:id/b', ['id'], '/a/7/b?c=5', { body: '{' })).toEqual({ id: '7' })
  expect(await read('put', '/a/:id/b', ['id', 'c'], '/a/7/b?c=5', body({ c: 6, id: 8 }))).toEqual({ id: '7', c: 6 })
})

test('the path comes before the query and the body', async () => {
  expect(await read('get', '/a/:id', ['id', 'page'], '/a/7?id=8&page=2')).toEqual({ id: '7', page: '2' })
  expect(await read('post', '/a/:id', ['id', 'b'], '/a/7', body({ id: 8, b: 1 }))).toEqual({ id: '7', b: 1 })
})

test('the campus comes from the base path, and the cart from the router, whatever a client says', async () => {
  expect(await read('get', '/a', ['campus'], '/in/hr-lax/a?campus=mine')).toEqual({ campus: 'hr-lax' })
  expect(await read('get', '/a', ['campus'], '/a?campus=mine')).toEqual({ campus: undefined })
  expect(await read('get', '/a', ['page'], '/in/hr-lax/a')).not.toHaveProperty('campus')
  expect(await read('get', '/a', ['cart'], '/a?cart=mine')).toEqual({ cart: 'a hash' })
  expect(await read('post', '/a', ['cart', 'campus'], '/in/b/a', body({ cart: 'mine', campus: 'mine' }))).toEqual({
    cart: 'a hash',
    campus: 'b',
  })
  expect(await read('get', '/a', ['page'], '/a')).not.toHaveProperty('cart')
})
