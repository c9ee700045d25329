import { readFile } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import type { Db } from '../../handlers/database.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { buildDocument } from './document.ts'

type Operation = {
  operationId: string
  tags: string[]
  parameters: { name: string; in: string; required: boolean; schema: object; example?: unknown; description: string }[]
  responses: Record<string, { content?: Record<string, { examples?: Record<string, { value: unknown }> }> }>
  security?: object[]
}
const document = JSON.parse(JSON.stringify(buildDocument(endpoints)))
const operations = Object.values<Record<string, Operation>>(document.paths).flatMap((path) => Object.values(path))
const operation = (id: string) => operations.find(({ operationId }) => operationId === id) as Operation
const body = (id: string) => {
  const { requestBody } = document.paths[endpoints[id as keyof typeof endpoints].path].post
  return document.components.requestBodies[requestBody.$ref.split('/').at(-1)].content['application/json']
}
const textsOf = (id: string, status: number) =>
  Object.values(operation(id).responses[status]?.content?.['text/plain']?.examples ?? {}).map(({ value }) => value)

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the app serves it', async () => {
  const response = await createApp(endpoints, {} as Db, { admin: { token: 'token', db: {} as Db } }).request(
    '/openapi.json',
  )
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual(document)
})

test('a 201 says in its headers what was added', () => {
  const headersOf = (id: string) => Object.keys((operation(id).responses[201] as { headers: object }).headers)
  expect(headersOf('addReview')).toEqual(expect.arrayContaining(['X-Resource-Id', 'Location']))
  expect(headersOf('recordInteraction')).toContain('X-Resource-Id')
  expect(headersOf('recordInteraction')).not.toContain('Location')
})

test('every endpoint is an operation, called as in the table of contents', () => {
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(endpoints).toSorted())
  expect(operation('addAnswer').tags).toEqual(['qa'])
})

test('nothing that the router gives is a parameter or a field', () => {
  const asked = operations.flatMap(({ parameters }) => parameters.map(({ name }) => name))
  expect(asked).not.toContain('campus')
  expect(asked).not.toContain('cart')
  expect(Object.keys(body('addToCart').schema.properties)).toEqual(['sku_id', 'count'])
  expect(body('addToCart').example).toEqual({ sku_id: 1 })
})

test('parameters say where they are, whether they are needed, and how they look', () => {
  const whole = { type: 'integer', minimum: 0, maximum: 2_147_483_647 }
  expect(operation('listAnswers').parameters).toMatchObject([
    { name: 'question_id', in: 'path', required: true, schema: whole, example: 1 },
    { name: 'page', in: 'query', required: false, schema: { ...whole, default: 1 } },
    { name: 'count', in: 'query', required: false, schema: { ...whole, default: 5 }, example: 2 },
    { name: 'If-None-Match', in: 'header', required: false, schema: { type: 'string' } },
  ])
})

test('every parameter and every field of a body is described', () => {
  const parameters = operations.flatMap(({ parameters }) => parameters)
  const fields = Object.values<{ content: object }>(document.components.requestBodies).flatMap(({ content }) =>
    Object.values(
      (content as { 'application/json': { schema: { properties: object } } })['application/json'].schema.properties,
    ),
  )
  for (const one of [...parameters, ...fields]) expect(one.description, JSON.stringify(one)).toMatch(/^[A-Z`]/)
  expect(operation('getProduct').parameters[0]).toMatchObject({ description: 'The id of the product' })
  expect(operation('getProduct').parameters[0]?.schema).not.toHaveProperty('description')
})

test('a body that may say something in two ways is described by what it means', () => {
  const { properties } = body('addReview').schema
  expect(properties.recommend).toMatchObject({ type: 'boolean' })
  expect(properties.rating).toMatchObject({ type: 'integer', minimum: 1, maximum: 5 })
  expect(properties.photos.items).toMatchObject({ type: 'string', minLength: 1, maxLength: 2048 })
})

test('a field with a default may be left out of a request, and is in each answer', () => {
  expect(body('addReview').schema.required).toEqual(['product_id', 'rating', 'body', 'recommend', 'name', 'email'])
  expect(document.components.schemas.Answers.required).toEqual(['question', 'page', 'count', 'results'])
})

test('an operation lists every status that it can answer', () => {
  const statuses = (id: string) => Object.keys(operation(id).responses)
  expect(statuses('listRelatedProducts').join(' ')).toBe('200 304 404 405 429 500 503')
  expect(statuses('getReviewMeta').join(' ')).toBe('200 304 405 422 429 500 503')
  expect(statuses('markReviewHelpful').join(' ')).toBe('204 400 404 405 422 429 500 502 503')
  expect(statuses('addReview').join(' ')).toBe('201 400 404 405 413 422 429 500 502 503')
  expect(statuses('addToCart').join(' ')).toBe('201 400 403 404 405 413 422 429 500 502 503')
  expect(statuses('getCart').join(' ')).toBe('200 405 429 500 503')
  expect(statuses('recordInteraction').join(' ')).toBe('201 400 405 413 422 429 500 502 503')
})

test('a failure shows its text', () => {
  expect(textsOf('listReviews', 422)).toEqual([
    'Error: invalid product_id provided',
    'Error: invalid page provided',
    'Error: invalid count provided',
  ])
  expect(textsOf('markAnswerHelpful', 404)).toEqual(['Error: invalid answer id provided'])
  expect(textsOf('addAnswer', 422)).toEqual([
    'Error: Answer body contains invalid entriesbody text is required,username text is required,email must be valid',
    'Error: the Idempotency-Key was used for another request, send a new one',
  ])
})

test('a failure shows its problem details, with its code', () => {
  const content = operation('getProduct').responses[404]?.content?.['application/problem+json']
  expect(content?.examples?.unknown_product?.value).toMatchObject({ code: 'unknown_product', status: 404 })
})

test('a cart is named by a token or a cookie, or made anew; nothing else asks for either', () => {
  expect(operation('getCart').security).toEqual([{}, { token: [] }, { cookie: [] }])
  expect(operation('addToCart').security).toEqual([{}, { token: [] }, { cookie: [] }])
  expect(operation('listReviews').security).toEqual([])
  expect(document.components.securitySchemes.cookie).toMatchObject({ in: 'cookie', name: 's_id' })
})

test('the endpoints for the admin ask for the admin token, and are in no document of an app without one', async () => {
  expect(operation('removeReview').security).toEqual([{ admin: [] }])
  expect(document.components.securitySchemes.admin).toMatchObject({ type: 'http', scheme: 'bearer' })
  expect(Object.keys(operation('removeReview').responses)).toContain('401')
  const text = await (await createApp(endpoints, {} as Db).request('/openapi.json')).text()
  expect(text).not.toMatch(/moderation|bearer|wrong_token/)
})

test('the licence is that of the project', async () => {
  const { license } = JSON.parse(await readFile('package.json', 'utf8'))
  expect(document.info.license.name).toBe(license)
})
