import type { Endpoint } from '../handlers/endpoint.ts'
import { type Failure, httpFailures } from '../handlers/failure.ts'
import { Created } from '../handlers/fields.ts'
import { identify } from './requestId.ts'

type Headers = Readonly<Record<string, string>>

const commonHeaders: Headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Allow, Idempotent-Replayed, Location, Retry-After, X-Request-Id, X-Resource-Id',
  // Clients write and read again in the same second, so a browser must revalidate what it has cached.
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
}

/** The headers of a failure that a later try of the same request may not meet: 429 and 503. */
const retryLater: Headers = { 'Retry-After': '1', 'Cache-Control': 'no-store' }

/** The headers of a failure that another token may not meet: 401. */
const challenge: Headers = { 'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store' }

/** The header of a failure that was not carried out: without it, a cache has to assume that a write was. */
export const notApplied: Headers = { 'Cache-Group-Invalidation': '' }

export const textPlain = 'text/plain; charset=UTF-8'

/** The format of an endpoint's answers; `text` is the `Created` that old clients compare. */
export const responseFormat = ({ status, output }: Endpoint): 'empty' | 'text' | 'json' => {
  if (status === 204) return 'empty'
  return output === Created ? 'text' : 'json'
}

/** Adds the headers that every response has; the ones passed take precedence. */
export const withCommonHeaders = (headers: Headers): Headers => ({ ...commonHeaders, ...headers })

/** A redirect with the common headers. */
export const redirect = (request: Request, to: string): Response => response(request, 302, null, { Location: to })

/** A response with the common headers and those of its request; the ones passed take precedence. */
export const response = (
  request: Request,
  status: number,
  body: string | Uint8Array<ArrayBuffer> | null,
  headers: Headers,
): Response => new Response(body, { status, headers: identify(request, { ...commonHeaders, ...headers }) })

/**
 * The response of a failure: problem details (RFC 9457) for a caller that accepts `application/problem+json`, else
 * plain text. Its `X-Request-Id` is also in the log.
 */
export const errorResponse = (request: Request, failure: Failure, more: Headers = {}): Response => {
  const own = failure.status === 429 || failure.status === 503 ? retryLater : failure.status === 401 ? challenge : {}
  const headers = { Vary: 'Accept', ...own, ...more }
  if (!acceptsProblem(request.headers.get('accept'))) {
    return response(request, failure.status, failure.text, { 'Content-Type': textPlain, ...headers })
  }
  const problem = JSON.stringify(problemDetails(failure, new URL(request.url).pathname))
  return response(request, failure.status, problem, { 'Content-Type': 'application/problem+json', ...headers })
}

/** The response to a method that an address does not take. */
export const methodNotAllowed = (request: Request, allow: string): Response =>
  errorResponse(request, httpFailures.methodNotAllowed, { Allow: allow })

const acceptsProblem = (accept: string | null): boolean =>
  accept !== null && /application\/problem\+json(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(accept)

/** The reason phrase of each status of a failure (RFC 9110). */
export const reasonPhrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
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

/** The problem details of a failure: `code` never changes, `detail` is its text. */
export const problemDetails = ({ code, status, text, issues }: Failure, instance?: string) => ({
  type: 'about:blank',
  title: reasonPhrases[status] ?? 'Error',
  status,
  detail: text,
  code,
  // Clients know them by this name.
  faults: issues,
  instance,
})
