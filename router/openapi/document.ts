import { type Endpoint, isForAdmin } from '../../handlers/endpoint.ts'
import { type Failure, httpFailures } from '../../handlers/failure.ts'
import { cartCookie } from '../cart.ts'
import { takesBody } from '../input/inputFields.ts'
import { responseFormat } from '../response.ts'
import { sharedFailureResponses } from './failures.ts'
import { headers } from './headers.ts'
import { buildOperation, buildRequestBody, tagOf } from './operation.ts'
import { problemSchema, type Schema, toJsonSchema } from './schemas.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

type Document = {
  readonly openapi: string
  readonly info: object
  readonly servers: readonly { readonly url: string; readonly description: string; readonly variables?: object }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly requestBodies: Readonly<Record<string, object>>
    readonly responses: Readonly<Record<string, object>>
    readonly headers: Readonly<Record<string, object>>
    readonly securitySchemes: object
  }
}

/** True for `hasReplicas` if the API has consistency tokens. */
type Options = { readonly hasReplicas?: boolean }

const { malformedRequest, requestTimeout, targetTooLong, expectationFailed, headersTooLarge } = httpFailures
const unreadable: readonly Failure[] = [
  malformedRequest,
  requestTimeout,
  targetTooLong,
  expectationFailed,
  headersTooLarge,
]

// As in package.json, which not every runtime can read.
const license = { name: 'UNLICENSED', identifier: 'LicenseRef-UNLICENSED' }

const description = `The products of a shop, with what people say, ask and answer about them, and a cart.

Every path is also served under \`/api\` and under \`/api/fec2/{campus}\`, with and without a trailing slash.
Whole numbers are also taken as digits in a text. No text may hold NUL or broken Unicode.
A failure is answered as plain text, or as \`application/problem+json\` (RFC 9457) to a caller that accepts it.
Its \`code\` never changes.
An address that takes other methods than the one used answers 405 and names them in \`Allow\`.
One that is not there answers 404.
A request that cannot be read is answered ${unreadable.map(({ status }) => status).join(', ')}.
The balancer answers 429 to a client that sends too much, and 502 to a write whose outcome it does not know.`

/** Builds the OpenAPI 3.1 document of endpoints, whose keys are the operation ids. */
export const buildDocument = (endpoints: Endpoints, { hasReplicas = false }: Options = {}): Document => {
  const paths = buildPaths(endpoints, hasReplicas)
  const responses = keepUsed('responses', sharedFailureResponses(), paths)
  return {
    openapi: '3.1.0',
    info: { title: 'Atelier API', version: '1.0.0', license, description },
    servers: [
      { url: '/', description: 'The root' },
      {
        url: '/api/fec2/{campus}',
        description: 'The base path of old clients',
        variables: { campus: { default: 'hr-rfp', description: 'Products echo it' } },
      },
    ],
    tags: [...new Set(Object.values(endpoints).map(tagOf))].map((name) => ({
      name,
      description: `All that is at \`/${name}\``,
    })),
    paths,
    components: {
      schemas: buildSchemas(endpoints),
      requestBodies: buildRequestBodies(endpoints),
      responses,
      headers: keepUsed('headers', headers, { paths, responses }),
      securitySchemes: { ...securitySchemes, ...(Object.values(endpoints).some(isForAdmin) && { admin }) },
    },
  }
}

const securitySchemes = {
  token: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'Any token; it names a cart and is not verified',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: cartCookie,
    description: 'Names the cart of a browser without a token; the first write to a cart sets it',
  },
}

const admin = { type: 'http', scheme: 'bearer', description: 'The admin token of the server' }

/** The components of a kind that a part of the document refers to. */
const keepUsed = (kind: string, components: Readonly<Record<string, object>>, part: object) => {
  const text = JSON.stringify(part)
  return Object.fromEntries(
    Object.entries(components).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)),
  )
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const bodyName = (id: string): string => `${capitalized(id)}Body`

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

const buildPaths = (endpoints: Endpoints, hasReplicas: boolean): Record<string, Record<string, unknown>> => {
  const paths: Record<string, Record<string, unknown>> = {}
  const names = schemaNames(endpoints)
  for (const [id, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    const operation = buildOperation(id, endpoint, { answer: names.get(id) ?? id, body: bodyName(id), hasReplicas })
    paths[path] = { ...paths[path], [endpoint.method]: operation }
  }
  return paths
}

const buildSchemas = (endpoints: Endpoints): Record<string, Schema> => {
  const names = schemaNames(endpoints)
  const schemas: Record<string, Schema> = {}
  for (const [id, endpoint] of Object.entries(endpoints)) {
    if (responseFormat(endpoint) === 'json') schemas[names.get(id) ?? id] = toJsonSchema(endpoint.output)
  }
  return { ...schemas, Problem: problemSchema }
}

const buildRequestBodies = (endpoints: Endpoints): Record<string, object> => {
  const withBody = Object.entries(endpoints).filter(([, endpoint]) => takesBody(endpoint))
  return Object.fromEntries(withBody.map(([id, endpoint]) => [bodyName(id), buildRequestBody(endpoint)]))
}
