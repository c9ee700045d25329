import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Db } from '../handlers/database.ts'
import { endpoint } from '../handlers/endpoint.ts'
import { unknownProduct } from '../handlers/failure.ts'
import { cart, contextField, id } from '../handlers/fields.ts'
import { createApp } from './app.ts'
import { buildDocument } from './openapi/document.ts'

// Endpoints that this API has none of, each answering its input.
const output = z.record(z.string(), z.unknown())
const echo = async (_db: Db, input: object) => ({ ...input })
const failures = [unknownProduct]
const common = { summary: '', status: 200, output, failures, handle: echo } as const

const shelf = {
  listProducts: endpoint({
    ...common,
    method: 'get',
    path: '/products',
    input: z.object({}),
    output: z.array(output),
    example: {},
    handle: async () => [],
  }),
  searchProducts: endpoint({
    ...common,
    method: 'get',
    path: '/search/:campus',
    input: z.object({ tags: z.array(z.string()).max(2).default([]), size: z.string().optional(), campus: z.string() }),
    example: { campus: 'north' },
  }),
  replaceProduct: endpoint({
    ...common,
    method: 'put',
    path: '/products/:product_id',
    input: z.object({ product_id: id, name: z.string() }),
    example: { product_id: 1, name: 'Parka' },
  }),
  renameProduct: endpoint({
    ...common,
    method: 'patch',
    path: '/products/:product_id',
    input: z.object({ product_id: id, cart: z.string() }),
    example: { product_id: 1, cart: 'red' },
  }),
  removeProduct: endpoint({
    ...common,
    method: 'delete',
    path: '/products/:product_id',
    input: z.object({ product_id: id, why: z.string().optional() }),
    example: { product_id: 1 },
  }),
  getOwner: endpoint({
    ...common,
    method: 'get',
    path: '/owner',
    input: z.object({ owner: cart, place: contextField('campus', z.string().default('home')) }),
    example: { owner: cart.parse('a'.repeat(64)) },
  }),
}
const makeProduct = endpoint({
  ...common,
  method: 'post',
  path: '/products',
  status: 201,
  input: z.object({ name: z.string() }),
  example: { name: 'Parka' },
})
const app = createApp({ ...shelf, makeProduct }, {} as Db)
const ask = async (method: string, path: string, body?: unknown) => {
  const response = await app.request(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
  return response.status === 200 ? response.json() : response.status
}

test('the bodies of PUT and PATCH are read', async () => {
  expect(await ask('PUT', '/products/7', { name: 'Coat', product_id: 8 })).toEqual({ product_id: 7, name: 'Coat' })
  expect(await ask('PATCH', '/products/7', { cart: 'blue' })).toEqual({ product_id: 7, cart: 'blue' })
  expect(await ask('PUT', '/products/7', { name: 1 })).toBe(422)
})

test('a POST may answer what it made as JSON', async () => {
  const made = await app.request('/products', { method: 'POST', body: '{"name":"Coat"}' })
  expect([made.status, made.headers.get('content-type')]).toEqual([201, 'application/json'])
  expect(await made.json()).toEqual({ name: 'Coat' })
  expect(buildDocument({ makeProduct }).paths['/products']?.post).toMatchObject({
    responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Product' } } } } },
  })
})

test('DELETE reads its query', async () => {
  expect(await ask('DELETE', '/products/7?why=gone')).toEqual({ product_id: 7, why: 'gone' })
})

test('a parameter of a query may be an array, of one or none too', async () => {
  expect(await ask('GET', '/search/north?tags=wet&tags=warm&size=S&size=M')).toEqual({
    tags: ['wet', 'warm'],
    size: 'S',
    campus: 'north',
  })
  expect(await ask('GET', '/search/north?tags=wet')).toMatchObject({ tags: ['wet'] })
  expect(await ask('GET', '/search/north')).toMatchObject({ tags: [] })
  expect(await ask('GET', '/search/north?tags=a&tags=b&tags=c')).toBe(422)
})

test('what only the router gives is declared by the field, whatever its name', async () => {
  expect(await ask('GET', '/api/fec2/south/search/north')).toMatchObject({ campus: 'north' })
  expect(await ask('GET', '/owner?owner=me&place=away')).toEqual({
    owner: expect.stringMatching(/^[0-9a-f]{64}$/),
    place: 'home',
  })
  expect(await ask('GET', '/api/fec2/south/owner')).toMatchObject({ place: 'south' })
})

test('a preflight names the methods that endpoints have', async () => {
  const response = await app.request('/products/7', { method: 'OPTIONS' })
  expect(response.headers.get('access-control-allow-methods')).toBe('DELETE, GET, PATCH, POST, PUT')
})

test('the document keeps apart the answers of operations with one noun, and has the bodies of PUT and PATCH', () => {
  const { components, paths } = buildDocument(shelf)
  expect(components.schemas).toMatchObject({
    Products: { type: 'array' },
    SearchProducts: { type: 'object' },
    Product: { type: 'object' },
  })
  const bodyWith = (name: string) => ({ content: { 'application/json': { schema: { required: [name] } } } })
  expect(components.requestBodies).toMatchObject({
    ReplaceProductBody: bodyWith('name'),
    RenameProductBody: bodyWith('cart'),
  })
  expect(paths['/products/{product_id}']).toMatchObject({
    delete: { parameters: [{ in: 'path' }, { in: 'query', name: 'why' }, { in: 'header' }] },
  })
})
