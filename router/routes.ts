import type { Endpoint } from '../handlers/endpoint.ts'
import { placesOf, takesBody } from './inputFields.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

/** The parameter of a base path that names a campus; no endpoint's own path has one of this name. */
export const baseCampus = 'base_campus'

/** The paths that all endpoints are also served under. */
export const bases = ['', '/api', `/api/fec2/:${baseCampus}`] as const

/**
 * Endpoints in an order in which each is reached: a word of a path before a parameter in its place, as
 * `/reviews/:review_id` would answer for `/reviews/meta`. Throws where two have one method and one path.
 */
export const inOrder = (endpoints: Endpoints): Endpoint[] => {
  const taken = new Map<string, string>()
  for (const [name, { method, path }] of Object.entries(endpoints)) {
    const address = `${method.toUpperCase()} ${path.replace(/:\w+/g, ':')}`
    const other = taken.get(address)
    if (other !== undefined) throw new Error(`${name} is never reached, as ${other} has its address (${address}).`)
    taken.set(address, name)
  }
  return Object.values(endpoints).toSorted((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1))
}

/** A text that sorts parameters behind all words. */
const rankOf = ({ path }: Endpoint): string => path.replace(/:\w+/g, '\uffff')

/** The request that an input stands for, its endpoint's example unless another is given. */
export const requestOf = (endpoint: Endpoint, input: object = endpoint.example) => {
  const values = input as Readonly<Record<string, unknown>>
  const asked = placesOf(endpoint).asked.filter((name) => values[name] !== undefined)
  const address = endpoint.path.replace(/:(\w+)/g, (_, name: string) => String(values[name]))
  const method = endpoint.method.toUpperCase()
  if (takesBody(endpoint))
    return {
      method,
      path: address,
      body: JSON.stringify(Object.fromEntries(asked.map((name) => [name, values[name]]))),
    }
  const query = new URLSearchParams(asked.map((name): [string, string] => [name, String(values[name])])).toString()
  return { method, path: query === '' ? address : `${address}?${query}` }
}
