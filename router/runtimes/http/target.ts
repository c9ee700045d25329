import type { Server } from 'node:http'

// Replaces the `Host` of clients in URLs. @hono/node-server joins a plain name like this one without parsing it.
const host = 'atelierx'

/**
 * Makes a server route by the request target alone. A `Host` such as `9\cart?` would become part of the path, and a
 * cache in front would store the answer under another address.
 */
export const routeByTarget = (server: Server): void => {
  server.prependListener('request', (request) => {
    // HTTP/1.1 requires a `Host`: without one, no URL can be built, and the request is refused.
    if (request.headers.host !== undefined || request.httpVersion === '1.0') request.headers.host = host
    request.url = readPath(request.url ?? '/')
  })
}

/** The path and query of a request target, which may be a URL; `*` becomes a path without a route. */
const readPath = (target: string): string => {
  if (target.startsWith('/')) return target
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}
