import type { Context } from 'hono'
import { type Endpoint, pathParameters } from '../handlers/endpoint.ts'
import { readJson } from './body.ts'

/**
 * How the input of an endpoint is read from a request: the query or the body, over it the path, and over both what only the
 * router may give: at once, or a promise where there is a body to be read. A body that is no object is passed on as it is, and
 * one that cannot be read is a failure.
 */
export const inputReader = (endpoint: Endpoint): ((c: Context, cart?: string) => unknown) => {
  const names = Object.keys(endpoint.input.shape)
  const inPath = pathParameters(endpoint.path)
  const takesCampus = names.includes('campus')
  const read = readers[endpoint.method]

  const complete = (input: unknown, c: Context, cart: string | undefined): unknown => {
    if (!isRecord(input)) return input
    for (const name of inPath) input[name] = c.req.param(name)
    if (takesCampus) input.campus = c.req.param('campus')
    if (cart !== undefined) input.cart = cart
    return input
  }
  return (c, cart) => {
    const input = read(c, names)
    return input instanceof Promise ? input.then((body) => complete(body, c, cart)) : complete(input, c, cart)
  }
}

type Reader = (c: Context, names: readonly string[]) => unknown

const readers: Readonly<Record<Endpoint['method'], Reader>> = {
  get: (c, names) => {
    const input: Record<string, unknown> = {}
    for (const name of names) input[name] = c.req.query(name)
    return input
  },
  post: async (c, names) => {
    const body = await readJson(c.req.raw)
    if (!isRecord(body)) return body
    return Object.fromEntries(names.filter((name) => Object.hasOwn(body, name)).map((name) => [name, body[name]]))
  },
  // What clients send with a PUT varies, and means nothing.
  put: () => ({}),
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && Object.getPrototypeOf(value) === Object.prototype
