import type { Context } from 'hono'
import type * as z from 'zod'
import type { Endpoint } from '../handlers/endpoint.ts'
import { readJson } from './body.ts'
import { placesOf, takesBody } from './inputFields.ts'
import { baseCampus } from './routes.ts'

/**
 * How the input of an endpoint is read from a request: the query or the body, over it the path, and over both what only the
 * router may give: at once, or a promise where there is a body to be read. A body that is no object is passed on as it is,
 * and one that cannot be read is a failure.
 */
export const inputReader = (endpoint: Endpoint): ((c: Context, cart?: string) => unknown) => {
  const { inPath, given, asked } = placesOf(endpoint)
  const read = takesBody(endpoint) ? bodyReader(asked) : queryReader(endpoint, asked)

  const complete = (input: unknown, c: Context, cart: string | undefined): unknown => {
    if (!isRecord(input)) return input
    for (const name of inPath) input[name] = c.req.param(name)
    for (const { name, source } of given) input[name] = source === 'cart' ? cart : c.req.param(baseCampus)
    return input
  }
  return (c, cart) => {
    const input = read(c)
    return input instanceof Promise ? input.then((body) => complete(body, c, cart)) : complete(input, c, cart)
  }
}

type Reader = (c: Context) => unknown

const queryReader = ({ input: { shape } }: Endpoint, asked: readonly string[]): Reader => {
  const lists = new Set(asked.filter((name) => isList(shape[name] as z.ZodType)))
  return (c) => {
    const input: Record<string, unknown> = {}
    for (const name of asked) input[name] = lists.has(name) ? c.req.queries(name) : c.req.query(name)
    return input
  }
}

/** Whether a schema takes an array, also where it may be left out. */
const isList = ({ def }: z.ZodType): boolean => {
  const { type, innerType, in: piped } = def as { type: string; innerType?: z.ZodType; in?: z.ZodType }
  const inner = innerType ?? piped
  return type === 'array' || (inner !== undefined && isList(inner))
}

const bodyReader =
  (asked: readonly string[]): Reader =>
  async (c) => {
    const body = await readJson(c.req.raw)
    if (!isRecord(body)) return body
    return Object.fromEntries(asked.filter((name) => Object.hasOwn(body, name)).map((name) => [name, body[name]]))
  }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && Object.getPrototypeOf(value) === Object.prototype
