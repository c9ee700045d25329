import type { Server } from 'node:http'

// What a URL is made with in place of what a client sends. It is of the kind that @hono/node-server joins without parsing.
const host = 'atelierx'

/**
 * Has a server route on the target of the request line alone. A `Host` such as `9\cart?` would become part of the path:
 * the answer would be to another request than the one that a cache in front keeps it for.
 */
export const routeByTarget = (server: Server): void => {
  server.prependListener('request', (request) => {
    // HTTP/1.1 has it that a request without one is refused: no URL can be made of it then.
    if (request.headers.host !== undefined || request.httpVersion === '1.0') request.headers.host = host
    request.url = pathOf(request.url ?? '/')
  })
}

/** The path and query of a target: of a URL, those in it; `*` is a path that nothing has. */
const pathOf = (target: string): string => {
  if (target.startsWith('/')) return target
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}
