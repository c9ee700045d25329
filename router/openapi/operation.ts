import { type Endpoint, isForAdmin } from '../../handlers/endpoint.ts'
import { isSharedRead } from '../handler.ts'
import { idempotencyKeyPattern } from '../idempotency.ts'
import { takesBody, takesCart } from '../input/inputFields.ts'
import { response, responseFormat } from '../response.ts'
import { buildExample } from './examples.ts'
import { failureResponses } from './failures.ts'
import { referToHeaders, successHeaderNames } from './headers.ts'
import { describeFields, type Field, toJsonSchema } from './schemas.ts'

/** The names of an operation's components, and true if the API reads from replicas. */
type Options = { readonly answer: string; readonly body: string; readonly hasReplicas: boolean }

/** The tag of an endpoint: the first part of its path. */
export const tagOf = ({ path }: Endpoint): string => path.split('/')[1] ?? ''

/**
 * Builds the OpenAPI request body of an endpoint. Its schema has no name of its own: openapi-typescript would take
 * fields with a default for fields that are always there.
 */
export const buildRequestBody = (endpoint: Endpoint): object => {
  const { payloadFields } = describeFields(endpoint)
  const examples = endpoint.example as Readonly<Record<string, unknown>>
  const required = payloadFields.filter(({ required }) => required).map(({ name }) => name)
  const properties = Object.fromEntries(payloadFields.map(({ name, schema }) => [name, schema]))
  const schema = { type: 'object', properties, required }
  const example = Object.fromEntries(payloadFields.map(({ name }) => [name, examples[name]]))
  return { required: required.length > 0, content: { 'application/json': { schema, example } } }
}

/** Builds the OpenAPI operation of an endpoint. */
export const buildOperation = (id: string, endpoint: Endpoint, { answer, body, hasReplicas }: Options) => ({
  operationId: id,
  summary: endpoint.summary,
  tags: [tagOf(endpoint)],
  security: takesCart(endpoint) ? [{}, { token: [] }, { cookie: [] }] : isForAdmin(endpoint) ? [{ admin: [] }] : [],
  parameters: buildParameters(endpoint, hasReplicas),
  ...(takesBody(endpoint) && { requestBody: { $ref: `#/components/requestBodies/${body}` } }),
  responses: {
    [endpoint.status]: successResponse(endpoint, answer, hasReplicas),
    ...(isSharedRead(endpoint) && {
      304: {
        description: 'The ETag in If-None-Match still holds',
        headers: referToHeaders(response(new Request('http://localhost'), 304, null, { ETag: '' }).headers.keys()),
      },
    }),
    ...failureResponses(endpoint),
  },
})

const buildParameters = (endpoint: Endpoint, hasReplicas: boolean): object[] => {
  const { pathFields, payloadFields } = describeFields(endpoint)
  const examples = endpoint.example as Readonly<Record<string, unknown>>
  const parameter = (place: 'path' | 'query') => (field: Field) => {
    const { description, ...schema } = field.schema
    const example = examples[field.name]
    return {
      in: place,
      name: field.name,
      required: field.required,
      ...(description !== undefined && { description }),
      schema,
      ...(example !== undefined && { example }),
    }
  }
  return [
    ...pathFields.map(parameter('path')),
    ...(takesBody(endpoint) ? [] : payloadFields.map(parameter('query'))),
    ...(endpoint.method === 'get' ? [] : [idempotencyKey]),
    ...(isSharedRead(endpoint) ? [headerParameter('If-None-Match', 'The ETag of an answer that the client has')] : []),
    ...(isSharedRead(endpoint) && hasReplicas
      ? [headerParameter('Consistency-Token', 'The token of a write that the answer has to show')]
      : []),
  ]
}

const headerParameter = (name: string, description: string) => ({
  in: 'header',
  name,
  required: false,
  description,
  schema: { type: 'string' },
})

const idempotencyKey = {
  ...headerParameter(
    'Idempotency-Key',
    'Makes the write safe to repeat for 24 hours: the same request with the key again is not carried out, and gets ' +
      'the first answer with `Idempotent-Replayed: true`',
  ),
  schema: { type: 'string', pattern: idempotencyKeyPattern.source },
  example: '5f4dcc3b-5aa7-4d8b-9c3e-0f6a1c2b7d10',
}

const successResponse = (endpoint: Endpoint, answer: string, hasReplicas: boolean) => {
  const description = { 200: 'Found', 201: 'Stored', 204: 'Done' }[endpoint.status]
  const headers = referToHeaders(successHeaderNames(endpoint, hasReplicas))
  const format = responseFormat(endpoint)
  if (format === 'empty') return { description, headers }
  const schema = toJsonSchema(endpoint.output)
  const example = buildExample(schema)
  const content =
    format === 'text'
      ? { 'text/plain': { schema, example } }
      : { 'application/json': { schema: { $ref: `#/components/schemas/${answer}` }, example } }
  return { description, headers, content }
}
