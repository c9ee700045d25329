import type { Endpoint } from '../../handlers/endpoint.ts'
import { buildExample } from './examples.ts'
import { takesBody, takesCart } from '../inputFields.ts'
import { responseFormat } from '../response.ts'
import { failureResponses } from './failures.ts'
import { createdHeaders, type Field, describeFields, problemSchema, type Schema, toJsonSchema } from './schemas.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

type Document = {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string; readonly description: string; readonly variables?: object }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly securitySchemes: object }
}

const description = `The products of a shop, with what people say, ask and answer about them, and a cart.

Every path is also served under \`/api\` and under \`/api/fec2/{campus}\`, with and without a trailing slash.
Whole numbers are also taken as digits in a text.
A failure is answered as plain text, or as \`application/problem+json\` (RFC 9457) to a caller that accepts it; its \`code\` never changes.
An address that takes other methods than the one used answers 405 and names them in \`Allow\`; one that is not there answers 404.`

/** Builds the OpenAPI 3.1 document of endpoints, whose keys are the operation ids. */
export const buildDocument = (endpoints: Endpoints): Document => ({
  openapi: '3.1.0',
  info: { title: 'Atelier API', version: '1.0.0', description },
  servers: [
    { url: '/', description: 'The root' },
    {
      url: '/api/fec2/{campus}',
      description: 'The base path of old clients',
      variables: { campus: { default: 'hr-rfp', description: 'Products echo it' } },
    },
  ],
  tags: [...new Set(Object.values(endpoints).map(tagOf))].map((name) => ({ name })),
  paths: buildPaths(endpoints),
  components: {
    schemas: buildSchemas(endpoints),
    securitySchemes: {
      token: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: 'Any token; it names a cart and is not verified',
      },
    },
  },
})

const tagOf = ({ path }: Endpoint): string => path.split('/')[1] ?? ''
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const bodyName = (id: string): string => `${capitalized(id)}Body`
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Schema names by operation id: its noun, or the whole id if another schema already has the noun. */
const schemaNames = (endpoints: Endpoints): Map<string, string> => {
  const taken = new Map<string, unknown>([['Problem', problemSchema]])
  return new Map(
    Object.entries(endpoints).map(([id, { output }]) => {
      const noun = id.replace(/^[a-z]+/, '')
      const isFree = noun !== '' && (taken.get(noun) ?? output) === output
      const name = isFree ? noun : capitalized(id)
      taken.set(name, output)
      return [id, name]
    }),
  )
}

const buildPaths = (endpoints: Endpoints): Record<string, Record<string, unknown>> => {
  const paths: Record<string, Record<string, unknown>> = {}
  const names = schemaNames(endpoints)
  for (const [id, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: buildOperation(id, endpoint, names.get(id)) }
  }
  return paths
}

const buildSchemas = (endpoints: Endpoints): Record<string, Schema> => {
  const names = schemaNames(endpoints)
  const schemas: Record<string, Schema> = {}
  for (const [id, endpoint] of Object.entries(endpoints)) {
    if (responseFormat(endpoint) === 'json') schemas[names.get(id) ?? id] = toJsonSchema(endpoint.output)
    if (takesBody(endpoint)) schemas[bodyName(id)] = bodySchema(endpoint)
  }
  return { ...schemas, Problem: problemSchema }
}

const bodySchema = (endpoint: Endpoint): Schema => {
  const { payloadFields } = describeFields(endpoint)
  return {
    type: 'object',
    properties: Object.fromEntries(payloadFields.map(({ name, schema }) => [name, schema])),
    required: payloadFields.filter(({ required }) => required).map(({ name }) => name),
  }
}

const buildOperation = (id: string, endpoint: Endpoint, schemaName = id) => {
  const { pathFields, payloadFields } = describeFields(endpoint)
  const example = endpoint.example as Readonly<Record<string, unknown>>
  const parameter = (place: 'path' | 'query') => (field: Field) => ({
    in: place,
    name: field.name,
    required: field.required,
    schema: field.schema,
    ...(field.name in example && { example: example[field.name] }),
  })
  const body = Object.fromEntries(payloadFields.map(({ name }) => [name, example[name]]))
  const isPrivate = takesCart(endpoint)
  return {
    operationId: id,
    summary: endpoint.summary,
    tags: [tagOf(endpoint)],
    parameters: [
      ...pathFields.map(parameter('path')),
      ...(takesBody(endpoint) ? [] : payloadFields.map(parameter('query'))),
      ...(endpoint.method === 'get' ? [] : [idempotencyKey]),
    ],
    ...(takesBody(endpoint) && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: reference(bodyName(id)), example: body } },
      },
    }),
    responses: {
      [endpoint.status]: successResponse(schemaName, endpoint),
      ...(endpoint.method === 'get' && !isPrivate && { 304: { description: 'The ETag in If-None-Match still holds' } }),
      ...failureResponses(endpoint),
    },
    ...(isPrivate && { security: [{}, { token: [] }] }),
  }
}

const idempotencyKey = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: '5f4dcc3b-5aa7-4d8b-9c3e-0f6a1c2b7d10',
  description:
    'Makes the write safe to repeat for 24 hours: the same request with the key again is not carried out, and gets the first answer with `Idempotent-Replayed: true`',
}

const successResponse = (name: string, endpoint: Endpoint) => {
  const description = { 200: 'Found', 201: 'Stored', 204: 'Done' }[endpoint.status]
  const format = responseFormat(endpoint)
  if (format === 'empty') return { description }
  const schema = toJsonSchema(endpoint.output)
  const example = buildExample(schema)
  if (format === 'text')
    return { description, headers: createdHeaders(endpoint), content: { 'text/plain': { schema, example } } }
  return { description, content: { 'application/json': { schema: reference(name), example } } }
}
