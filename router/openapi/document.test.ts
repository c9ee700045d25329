import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import type { Db } from '../../handlers/database.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { buildExample } from './examples.ts'
import { buildDocument } from './document.ts'
import { toJsonSchema } from './schemas.ts'

type Operation = {
  operationId: string
  tags: string[]
  parameters: { name: string; in: string; required: boolean; schema: object; example?: unknown }[]
  requestBody?: { content: { 'application/json': { example: object } } }
  responses: Record<string, { content?: Record<string, { examples?: Record<string, { value: unknown }> }> }>
  security?: object[]
}
const document = JSON.parse(JSON.stringify(buildDocument(endpoints)))
const operations = Object.values<Record<string, Operation>>(document.paths).flatMap((path) => Object.values(path))
const operation = (id: string) => operations.find(({ operationId }) => operationId === id) as Operation
const textsOf = (id: string, status: number) =>
  Object.values(operation(id).responses[status]?.content?.['text/plain']?.examples ?? {}).map(({ value }) => value)

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toMatchObject({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('the app serves it', async () => {
  const response = await createApp(endpoints, {} as Db).request('/openapi.json')
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual(document)
})

test('a 201 says in its headers what was added', () => {
  const headersOf = (id: string) => Object.keys((operation(id).responses[201] as { headers: object }).headers)
  expect(headersOf('addReview')).toEqual(['X-Resource-Id', 'Location'])
  expect(headersOf('recordInteraction')).toEqual(['X-Resource-Id'])
})

test('every endpoint is an operation, called as in the table of contents', () => {
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(endpoints).toSorted())
  expect(operation('addAnswer').tags).toEqual(['qa'])
})

test('nothing that the router gives is a parameter or a field', () => {
  const asked = operations.flatMap(({ parameters }) => parameters.map(({ name }) => name))
  expect(asked).not.toContain('campus')
  expect(asked).not.toContain('cart')
  expect(Object.keys(document.components.schemas.AddToCartBody.properties)).toEqual(['sku_id', 'count'])
  expect(operation('addToCart').requestBody?.content['application/json'].example).toEqual({ sku_id: 1 })
})

test('parameters say where they are, whether they are needed, and how they look', () => {
  const whole = { type: 'integer', minimum: 0, maximum: 2_147_483_647 }
  expect(operation('listAnswers').parameters).toMatchObject([
    { name: 'question_id', in: 'path', required: true, schema: whole, example: 1 },
    { name: 'page', in: 'query', required: false, schema: { ...whole, type: ['integer'], default: 1 } },
    { name: 'count', in: 'query', required: false, schema: { ...whole, type: ['integer'], default: 5 }, example: '2' },
  ])
})

test('a body that may say something in two ways is described by what it means', () => {
  const { properties } = document.components.schemas.AddReviewBody
  expect(properties.recommend).toEqual({ type: 'boolean' })
  expect(properties.rating).toEqual({ type: 'integer', minimum: 1, maximum: 5 })
  expect(properties.photos.items).toEqual({ type: 'string', minLength: 1, maxLength: 2048 })
})

test('an operation lists every status that it can answer', () => {
  const statuses = (id: string) => Object.keys(operation(id).responses)
  expect(statuses('listRelatedProducts')).toEqual(['200', '304', '404', '500', '503'])
  expect(statuses('getReviewMeta')).toEqual(['200', '304', '422', '500', '503'])
  expect(statuses('markReviewHelpful')).toEqual(['204', '400', '404', '422', '500', '503'])
  expect(statuses('addReview')).toEqual(['201', '400', '404', '413', '422', '500', '503'])
  expect(statuses('addToCart')).toEqual(['201', '400', '403', '404', '413', '422', '500', '503'])
  expect(statuses('getCart')).toEqual(['200', '500', '503'])
  expect(statuses('recordInteraction')).toEqual(['201', '400', '413', '422', '500', '503'])
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

test.each(Object.entries<Endpoint>(endpoints).filter(([, { status }]) => status === 200))(
  'the example of what %s answers keeps to its schema',
  (_, { output }) => {
    const example = buildExample(toJsonSchema(output))
    expect(output.parse(example)).toEqual(example)
  },
)

test('the token is optional, and asked for where it names a cart', () => {
  expect(operation('getCart').security).toEqual([{}, { token: [] }])
  expect(operation('addToCart').security).toEqual([{}, { token: [] }])
  expect(operation('listReviews').security).toBeUndefined()
})
