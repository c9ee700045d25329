import type { Failure } from '../handlers/failure.ts'

type Headers = Readonly<Record<string, string>>

const everywhere: Headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Allow, Retry-After, X-Request-Id',
  // Clients write and read again in the same second, so a browser must ask whether what it has kept still holds.
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** Of an answer that the same request may get otherwise a little later. */
export const retryLater: Headers = { 'Retry-After': '1', 'Cache-Control': 'no-store' }

/** The same where nothing was done yet: a write says that it invalidates nothing, or a cache would have to expect that it does. */
export const notApplied: Headers = { ...retryLater, 'Cache-Group-Invalidation': '' }

export const textPlain = 'text/plain; charset=UTF-8'

/** The id of a request: what its proxy calls it, if that is short and plain, or else a new one. */
export const requestId = (request: Request): string => {
  const id = request.headers.get('x-request-id')
  return id !== null && /^[\w=-]{1,128}$/.test(id) ? id : crypto.randomUUID()
}

/** The headers that every response has, and those of its own, which take precedence. */
export const headersWith = (own: Headers): Headers => ({ ...everywhere, ...own })

/** A response with the headers that every one has; those of its own take precedence. */
export const answer = (status: number, body: string | Uint8Array<ArrayBuffer> | null, own: Headers): Response =>
  new Response(body, { status, headers: headersWith(own) })

/**
 * A failure as its plain text, or as RFC 9457 has it for a caller that accepts `application/problem+json`, with the id of
 * the request, by which its log is found.
 */
export const refuse = (request: Request, failure: Failure, own: Headers = {}): Response => {
  const headers = { Vary: 'Accept', 'X-Request-Id': requestId(request), ...own }
  if (!acceptsProblem(request.headers.get('accept'))) {
    return answer(failure.status, failure.text, { 'Content-Type': textPlain, ...headers })
  }
  const problem = JSON.stringify(problemOf(failure, new URL(request.url).pathname))
  return answer(failure.status, problem, { 'Content-Type': 'application/problem+json', ...headers })
}

const acceptsProblem = (accept: string | null): boolean =>
  accept !== null && /application\/problem\+json(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accept)

/** The name of a status. */
export const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  414: 'URI Too Long',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

/** The problem details of a failure: `code` never changes, `detail` is what others get as the text. */
export const problemOf = ({ code, status, text, issues }: Failure, instance?: string) => ({
  type: 'about:blank',
  title: titles[status] ?? 'Error',
  status,
  detail: text,
  code,
  // The name that clients know.
  faults: issues,
  ...(instance === undefined ? {} : { instance }),
})
