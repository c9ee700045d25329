import type { Context } from 'hono'
import type * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { readJson } from './body.ts'
import { locateFields, takesBody } from './inputFields.ts'
import { baseCampus } from '../routes.ts'

/** Settings of the server that some endpoints take as input; undefined leaves the default of the field. */
export type InputSettings = { readonly reportsToHide?: number | undefined }

/**
 * Creates the reader of an endpoint's input: the fields of the query or the body, then those of the path and the
 * context, which replace them. It returns a promise only if there is a body; a malformed body is a failure, and one
 * that is no object is returned as it is.
 */
export const createInputReader = (
  endpoint: Endpoint,
  { reportsToHide }: InputSettings = {},
): ((c: Context, cart?: string) => unknown) => {
  const { pathFields, payloadFields, contextFields } = locateFields(endpoint)
  const readPayload = takesBody(endpoint) ? bodyReader(payloadFields) : queryReader(endpoint, payloadFields)

  const addPathAndContext = (input: unknown, c: Context, cart: string | undefined): unknown => {
    if (!isRecord(input)) return input
    for (const name of pathFields) input[name] = c.req.param(name)
    for (const { name, source } of contextFields)
      input[name] = { cart, campus: c.req.param(baseCampus), reportsToHide }[source]
    return input
  }
  return (c, cart) => {
    const input = readPayload(c)
    return input instanceof Promise
      ? input.then((body) => addPathAndContext(body, c, cart))
      : addPathAndContext(input, c, cart)
  }
}

type Reader = (c: Context) => unknown

const queryReader = ({ input: { shape } }: Endpoint, names: readonly string[]): Reader => {
  const lists = new Set(names.filter((name) => isList(shape[name] as z.ZodType)))
  return (c) => {
    const input: Record<string, unknown> = {}
    for (const name of names) input[name] = lists.has(name) ? c.req.queries(name) : c.req.query(name)
    return input
  }
}

/** True if a schema takes an array, an optional one included. */
const isList = ({ def }: z.ZodType): boolean => {
  const { type, innerType, in: piped } = def as { type: string; innerType?: z.ZodType; in?: z.ZodType }
  const inner = innerType ?? piped
  return type === 'array' || (inner !== undefined && isList(inner))
}

const bodyReader =
  (names: readonly string[]): Reader =>
  async (c) => {
    const body = await readJson(c.req.raw)
    if (!isRecord(body)) return body
    return Object.fromEntries(names.filter((name) => Object.hasOwn(body, name)).map((name) => [name, body[name]]))
  }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && Object.getPrototypeOf(value) === Object.prototype
