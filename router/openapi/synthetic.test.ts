import { expect, test } from 'vitest'
import * as z from 'zod'
import { endpoint, type Endpoint } from '../../handlers/endpoint.ts'
import { Failure, invalidQuestion } from '../../handlers/failure.ts'
import { buildDocument } from './document.ts'
import { buildExample } from './examples.ts'
import { failureResponses } from './failures.ts'
import { describeFields, toJsonSchema } from './schemas.ts'

const read = <Shape extends z.ZodRawShape>(
  input: z.ZodObject<Shape>,
  output: z.ZodType = z.string(),
  failures: readonly Failure[] = [],
): Endpoint =>
  endpoint({
    method: 'get',
    path: '/things',
    summary: 'Things',
    status: 200,
    input,
    output,
    failures,
    example: {} as never,
    handle: async () => '',
  })

const nothing = z.object({})
const componentsOf = (endpoints: Readonly<Record<string, Endpoint>>) => {
  const { paths, components } = buildDocument(
    Object.fromEntries(Object.entries(endpoints).map(([id, one]) => [id, { ...one, path: `/${id}` }])),
  )
  const shown = Object.values(paths).map(({ get }) => JSON.stringify(get).match(/schemas\/(?!Problem)(\w+)/)?.[1])
  return { shown, names: Object.keys(components.schemas) }
}

test('operations that answer the same share the name of the noun, and another answer has a name of its own', () => {
  const [one, other] = [z.object({ one: z.string() }), z.object({ other: z.string() })]
  const endpoints = { getThing: read(nothing, one), findThing: read(nothing, one), listThing: read(nothing, other) }
  const { shown, names } = componentsOf(endpoints)
  expect(shown).toEqual(['Thing', 'Thing', 'ListThing'])
  expect(names).toEqual(['Thing', 'ListThing', 'Problem'])
})

test('the name of problem details is theirs alone', () => {
  const { shown, names } = componentsOf({ getProblem: read(nothing) })
  expect([shown, names]).toEqual([['GetProblem'], ['GetProblem', 'Problem']])
})

test('an operation without a noun names its answer', () => {
  expect(componentsOf({ ping: read(nothing) }).shown).toEqual(['Ping'])
})

test('a status without a name is an error', () => {
  const refusals = failureResponses(read(nothing, z.string(), [new Failure('gone', 410, 'Error: gone')]))
  expect(refusals).toMatchObject({ 410: { description: 'Error' }, 500: { $ref: '#/components/responses/ServerFault' } })
})

test('a failure for what breaks the rules lists nothing where nothing has to be sent', () => {
  const refusals = failureResponses(read(z.object({ word: z.string().optional() }), z.string(), [invalidQuestion]))
  const faults = 'content.application/problem+json.examples.invalid_question.value.faults'
  expect(refusals[422]).toHaveProperty(faults, [])
})

test('a text that may hold anything but NUL can be refused', () => {
  expect(failureResponses(read(z.object({ word: z.string().regex(/^[^\0]*$/) })))).toHaveProperty('422')
})

test('what JSON Schema cannot say of a value is left open', () => {
  const things = z.object({ at: z.date() })
  expect(toJsonSchema(things).properties).toEqual({ at: {} })
  expect(describeFields(read(things)).payloadFields).toEqual([{ name: 'at', schema: {}, required: true }])
})

test('an example of what may be null is of the other type, and one of a number is its smallest', () => {
  expect(buildExample({ anyOf: [{ type: 'null' }, { type: 'integer', minimum: 7 }] })).toBe(7)
})

test('a body says what may be left out, also within a field, and how much a field may hold', () => {
  const input = z.object({
    parcel: z.object({ size: z.string().default('M'), note: z.string().optional(), to: z.string() }),
    tags: z.array(z.string()).optional(),
    prices: z.record(z.string(), z.int()).default({}),
    cents: z.string().transform(Number),
  })
  const { payloadFields } = describeFields({ ...read(input), method: 'post' })
  expect(payloadFields).toMatchObject([
    { name: 'parcel', required: true, schema: { required: ['to'], properties: { size: { default: 'M' } } } },
    { name: 'tags', required: false, schema: { maxItems: 100 } },
    { name: 'prices', required: false, schema: { maxProperties: 100, propertyNames: { maxLength: 500 } } },
    { name: 'cents', required: true, schema: { type: 'string' } },
  ])
  expect(payloadFields[0]?.schema).not.toHaveProperty('additionalProperties')
})

test('a body is not needed if none of its fields is', () => {
  const note = z.object({ note: z.string().optional() })
  const { components } = buildDocument({ addNote: { ...read(note), method: 'post' } })
  expect(components.requestBodies).toMatchObject({ AddNoteBody: { required: false } })
})

test('what no operation refers to is left out', () => {
  const { components } = buildDocument({ getThing: read(nothing) })
  expect(Object.keys(components.responses)).toEqual([
    'MethodNotAllowed',
    'TooManyRequests',
    'ServerFault',
    'Unavailable',
  ])
  expect(components.headers).not.toHaveProperty('Set-Cookie')
})

test('an id of several words is described by them', () => {
  const { pathFields } = describeFields({ ...read(z.object({ gift_card_id: z.int() })), path: '/cards/:gift_card_id' })
  expect(pathFields[0]?.schema.description).toBe('The id of the gift card')
})
