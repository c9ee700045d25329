import type { Endpoint } from '../handlers/endpoint.ts'
import { exampleOf } from './examples.ts'
import { refusalsOf } from './refusals.ts'
import { type Field, fieldsOf, problemSchema, type Schema, schemaOf } from './schemas.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

const description = `The products of a shop, with what people say, ask and answer about them, and a cart.

Every path is also served under \`/api\` and under \`/api/fec2/{campus}\`, with and without a trailing slash.
Whole numbers are also taken as digits in a text.
A failure is answered as plain text, or as \`application/problem+json\` (RFC 9457) to a caller that accepts it; its \`code\` never changes.
An address that takes other methods than the one used answers 405 and names them in \`Allow\`; one that is not there answers 404.`

/** The OpenAPI 3.1 document of endpoints, whose keys are the operation ids. */
export const openapi = (endpoints: Endpoints) => ({
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
  paths: pathsOf(endpoints),
  components: {
    schemas: { ...Object.assign({}, ...Object.entries(endpoints).map(componentsOf)), Problem: problemSchema },
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
const answerName = (id: string): string => id.replace(/^[a-z]+/, '')
const bodyName = (id: string): string => `${capitalized(id)}Body`
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const pathsOf = (endpoints: Endpoints): Record<string, Record<string, unknown>> => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [id, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operationOf(id, endpoint) }
  }
  return paths
}

const componentsOf = ([id, endpoint]: [string, Endpoint]): Record<string, Schema> => {
  const { asked } = fieldsOf(endpoint)
  const body: Schema = {
    type: 'object',
    properties: Object.fromEntries(asked.map(({ name, schema }) => [name, schema])),
    required: asked.filter(({ required }) => required).map(({ name }) => name),
  }
  return {
    ...(endpoint.status === 200 && { [answerName(id)]: schemaOf(endpoint.output) }),
    ...(endpoint.method === 'post' && { [bodyName(id)]: body }),
  }
}

const operationOf = (id: string, endpoint: Endpoint) => {
  const { inPath, asked } = fieldsOf(endpoint)
  const example = endpoint.example as Readonly<Record<string, unknown>>
  const parameter = (place: 'path' | 'query') => (field: Field) => ({
    in: place,
    name: field.name,
    required: field.required,
    schema: field.schema,
    ...(field.name in example && { example: example[field.name] }),
  })
  const body = Object.fromEntries(asked.map(({ name }) => [name, example[name]]))
  const takesCart = 'cart' in endpoint.input.shape
  return {
    operationId: id,
    summary: endpoint.summary,
    tags: [tagOf(endpoint)],
    parameters: [...inPath.map(parameter('path')), ...(endpoint.method === 'get' ? asked.map(parameter('query')) : [])],
    ...(endpoint.method === 'post' && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: reference(bodyName(id)), example: body } },
      },
    }),
    responses: {
      [endpoint.status]: successOf(id, endpoint),
      ...(endpoint.status === 200 && !takesCart && { 304: { description: 'As the ETag in If-None-Match stands for' } }),
      ...refusalsOf(endpoint),
    },
    ...(takesCart && { security: [{}, { token: [] }] }),
  }
}

const successOf = (id: string, { status, output }: Endpoint) => {
  if (status === 204) return { description: 'Done' }
  if (status === 201) {
    const schema = schemaOf(output)
    return { description: 'Stored', content: { 'text/plain': { schema, example: exampleOf(schema) } } }
  }
  const example = exampleOf(schemaOf(output))
  return { description: 'Found', content: { 'application/json': { schema: reference(answerName(id)), example } } }
}
