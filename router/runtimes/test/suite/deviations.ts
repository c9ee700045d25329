/** A request that a runtime answers in another way, which the API has no hand in. */
type Deviation = {
  readonly runtimes: RegExp
  readonly request: string
  readonly status: number
  readonly reason: string
}

const inFront = 'miniflare, in the place of the edge of Cloudflare, answers it without the Worker'

export const deviations: readonly Deviation[] = [
  {
    runtimes: /Lambda|workerd/,
    request: 'the page',
    status: 302,
    reason: 'files of Swagger UI are not brought along, and the page leads to the document',
  },
  {
    runtimes: /ALB/,
    request: 'a parameter that is repeated',
    status: 422,
    reason: 'a balancer sends the last value, unless its target group is set to send lists',
  },
  {
    runtimes: /Bun/,
    request: 'HTTP/1.0 without a Host',
    status: 404,
    reason: 'Bun gives such a request no path',
  },
  {
    runtimes: /Deno/,
    request: 'HTTP/1.1 without a Host',
    status: 200,
    reason: 'Deno answers it with the host that it listens at',
  },
  {
    runtimes: /Deno/,
    request: 'headers over 16 KiB',
    status: 200,
    reason: 'Deno takes larger ones',
  },
  { runtimes: /workerd/, request: 'a whole URL as the target', status: 500, reason: inFront },
  { runtimes: /workerd/, request: 'a Host that would change the path', status: 500, reason: inFront },
  { runtimes: /workerd/, request: 'HTTP/1.0 without a Host', status: 400, reason: inFront },
  { runtimes: /workerd/, request: 'no request line', status: 501, reason: inFront },
  { runtimes: /workerd/, request: 'two lengths', status: 500, reason: inFront },
  { runtimes: /workerd/, request: 'headers over 16 KiB', status: 200, reason: 'workerd takes larger ones' },
]
