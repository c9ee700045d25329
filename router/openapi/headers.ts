import type { Endpoint } from '../../handlers/endpoint.ts'
import { successHeaders } from '../handler.ts'
import { takesCart } from '../input/inputFields.ts'
import type { Schema } from './schemas.ts'

type Header = { readonly description: string; readonly required?: true; readonly schema: Schema }

const text = { type: 'string' } as const
const keptByBalancer = 'the balancer follows it, and sends none'

/** The response headers that clients can use, by name; `required` ones are in each response that lists them. */
export const headers: Readonly<Record<string, Header>> = {
  Allow: { description: 'The methods that the address takes', required: true, schema: text },
  'Cache-Control': { description: 'How long a cache may keep the answer without asking again', schema: text },
  'Cache-Group-Invalidation': {
    description: `The cache groups (RFC 9875) that a write has changed; ${keptByBalancer}`,
    schema: text,
  },
  'Cache-Groups': { description: `The cache groups (RFC 9875) of the answer; ${keptByBalancer}`, schema: text },
  'Consistency-Token': {
    description: `Sent with a read, shows this write, whatever replica answers; ${keptByBalancer}`,
    schema: text,
  },
  ETag: { description: 'The version of the answer, for If-None-Match', required: true, schema: text },
  'Idempotent-Replayed': {
    description: 'Is `true` if the write was carried out before, and this is its first answer',
    schema: { type: 'string', const: 'true' },
  },
  Location: {
    description: 'The list that holds what was added, on this page or a later one',
    schema: { type: 'string', format: 'uri-reference' },
  },
  'Retry-After': {
    description: 'The seconds after which the request is worth sending again',
    required: true,
    schema: { type: 'integer', minimum: 0 },
  },
  'Set-Cookie': { description: 'A new cart, for a caller with neither token nor cookie', schema: text },
  'WWW-Authenticate': { description: 'The kind of token that is asked for', required: true, schema: text },
  'X-Request-Id': {
    description: 'Names the request in the log: as it was sent if it is short and plain, else new',
    required: true,
    schema: text,
  },
  'X-Resource-Id': { description: 'The id of what was added', schema: { type: 'integer' } },
}

/** References to the headers of a response that clients can use, of all that it has. */
export const referToHeaders = (sent: Iterable<string>) => {
  const names = new Set([...sent].map((name) => name.toLowerCase()))
  const listed = Object.keys(headers).filter((name) => names.has(name.toLowerCase()))
  return Object.fromEntries(listed.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** The names of the headers that the successes of an endpoint can have. */
export const successHeaderNames = (endpoint: Endpoint, hasReplicas: boolean): string[] => {
  const isCreating = endpoint.status === 201
  const isInvalidating = endpoint.invalidates !== undefined && endpoint.invalidates.length > 0
  return [
    ...Object.keys(successHeaders(endpoint)),
    ...(endpoint.method === 'get' ? [] : ['Idempotent-Replayed']),
    ...(isCreating ? ['X-Resource-Id'] : []),
    ...(isCreating && endpoint.shownAt !== undefined ? ['Location'] : []),
    ...(takesCart(endpoint) && endpoint.method !== 'get' ? ['Set-Cookie'] : []),
    ...(isInvalidating ? ['Cache-Group-Invalidation'] : []),
    ...(isInvalidating && hasReplicas ? ['Consistency-Token'] : []),
  ]
}
