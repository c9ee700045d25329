import type { Endpoint } from '../../handlers/endpoint.ts'
import { exampleOf } from './examples.ts'
import { formOf, takesBody, takesCart } from '../inputFields.ts'
import { refusalsOf } from './failures.ts'
import { type Field, fieldsOf, problemSchema, type Schema, schemaOf } from './schemas.ts'

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

/** The OpenAPI 3.1 document of endpoints, whose keys are the operation ids. */
export const openapi = (endpoints: Endpoints): Document => ({
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
    schemas: componentsOf(endpoints),
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

/** The names of answers: the noun of an operation, or all of it where another operation has the noun for other answers. */
const answerNames = (endpoints: Endpoints): Map<string, string> => {
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

const pathsOf = (endpoints: Endpoints): Record<string, Record<string, unknown>> => {
  const paths: Record<string, Record<string, unknown>> = {}
  const names = answerNames(endpoints)
  for (const [id, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operationOf(id, endpoint, names.get(id)) }
  }
  return paths
}

const componentsOf = (endpoints: Endpoints): Record<string, Schema> => {
  const names = answerNames(endpoints)
  const schemas: Record<string, Schema> = {}
  for (const [id, endpoint] of Object.entries(endpoints)) {
    if (formOf(endpoint) === 'json') schemas[names.get(id) ?? id] = schemaOf(endpoint.output)
    if (takesBody(endpoint)) schemas[bodyName(id)] = bodyOf(endpoint)
  }
  return { ...schemas, Problem: problemSchema }
}

const bodyOf = (endpoint: Endpoint): Schema => {
  const { asked } = fieldsOf(endpoint)
  return {
    type: 'object',
    properties: Object.fromEntries(asked.map(({ name, schema }) => [name, schema])),
    required: asked.filter(({ required }) => required).map(({ name }) => name),
  }
}

const operationOf = (id: string, endpoint: Endpoint, answer = id) => {
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
  const isOwn = takesCart(endpoint)
  return {
    operationId: id,
    summary: endpoint.summary,
    tags: [tagOf(endpoint)],
    parameters: [...inPath.map(parameter('path')), ...(takesBody(endpoint) ? [] : asked.map(parameter('query')))],
    ...(takesBody(endpoint) && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: reference(bodyName(id)), example: body } },
      },
    }),
    responses: {
      [endpoint.status]: successOf(answer, endpoint),
      ...(endpoint.method === 'get' && !isOwn && { 304: { description: 'As the ETag in If-None-Match stands for' } }),
      ...refusalsOf(endpoint),
    },
    ...(isOwn && { security: [{}, { token: [] }] }),
  }
}

const successOf = (name: string, endpoint: Endpoint) => {
  const description = { 200: 'Found', 201: 'Stored', 204: 'Done' }[endpoint.status]
  const form = formOf(endpoint)
  if (form === 'none') return { description }
  const schema = schemaOf(endpoint.output)
  const example = exampleOf(schema)
  if (form === 'text') return { description, content: { 'text/plain': { schema, example } } }
  return { description, content: { 'application/json': { schema: reference(name), example } } }
}
