import type { Hono } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import type { Endpoint } from '../handlers/endpoint.ts'

/** The name of the campus in a base path; no endpoint has a path parameter of this name. */
export const baseCampus = 'base_campus'

/** The base paths that all endpoints are served under. */
export const basePaths = ['', '/api', `/api/fec2/:${baseCampus}`] as const

/** A function that gives the base path of a request, from its path and the path of its endpoint. */
export const baseReader = (endpointPath: string): ((path: string) => string) => {
  const end = new RegExp(`${endpointPath.replace(/:\w+/g, '[^/]+')}/?$`)
  return (path) => path.replace(end, '')
}

/**
 * Sorts endpoints so that each is reached: `/reviews/meta` before `/reviews/:review_id`, which would match it too.
 * Throws if two have the same method and path.
 */
export const sortEndpoints = (endpoints: Readonly<Record<string, Endpoint>>): Endpoint[] => {
  const names = new Map<string, string>()
  for (const [name, { method, path }] of Object.entries(endpoints)) {
    const address = `${method.toUpperCase()} ${path.replace(/:\w+/g, ':')}`
    const other = names.get(address)
    if (other !== undefined) throw new Error(`${name} is never reached, as ${other} has its address (${address}).`)
    names.set(address, name)
  }
  return Object.values(endpoints).toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
}

/** The path, with parameters that sort after all words. */
const sortKey = ({ path }: Endpoint): string => path.replace(/:\w+/g, '\uffff')

/** A function that gives the `Allow` of a path from the routes of an app; an empty text if the path has none. */
export const methodsByPath = (app: Hono): ((path: string) => string) => {
  const router = new TrieRouter<string>()
  for (const { method, path } of app.routes) router.add('ALL', path, method)
  return (path) => {
    const methods = router.match('ALL', path)[0].flatMap(([method]) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    return methods.length === 0 ? '' : [...new Set(methods), 'OPTIONS'].join(', ')
  }
}
