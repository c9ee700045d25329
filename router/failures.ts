import { Failure } from '../handlers/failure.ts'

/** A path that no endpoint has. */
export const unknownRoute = new Failure('unknown_route', 404, 'Error: there is nothing at this address')

/** A form of another site that would put something into a cart. */
export const crossSiteForm = new Failure(
  'cross_site_form',
  403,
  'Error: a form of another site cannot fill a cart, send the request from a script with a token',
)

/** A path that endpoints have, with other methods: the header `Allow` names them. */
export const methodNotAllowed = new Failure('method_not_allowed', 405, 'Error: this address does not take that method')

/** A header `Expect` that asks for anything but `100-continue`. */
export const expectationFailed = new Failure(
  'expectation_failed',
  417,
  'Error: nothing but 100-continue can be expected',
)

/** A body that cannot be read as JSON, nests deeper than any input does, or has a key such as `__proto__`. */
export const malformedBody = new Failure('malformed_body', 400, 'Error: the body is no readable JSON')

/** A body of more than 64 KiB. */
export const bodyTooLarge = new Failure('body_too_large', 413, 'Error: the body is larger than 64 KiB')

/** A request that is none of HTTP: a line, a header or an address that cannot be read. */
export const malformedRequest = new Failure('malformed_request', 400, 'Error: the request cannot be read')

/** An address that is longer than any here. */
export const targetTooLong = new Failure('target_too_long', 414, 'Error: the address is longer than 8 KiB')

/** Headers of more than a browser sends. */
export const headersTooLarge = new Failure('headers_too_large', 431, 'Error: the headers are larger than 16 KiB')

/** A request that took longer to arrive than a client needs. */
export const requestTimeout = new Failure('request_timeout', 408, 'Error: the request took too long to arrive')

/** More requests, or connections, than one client may have. */
export const tooManyRequests = new Failure('too_many_requests', 429, 'Error: too many requests, try again in a moment')

/** A write that was sent to a node and not answered. */
export const outcomeUnknown = new Failure(
  'outcome_unknown',
  502,
  'Error: no answer came, the request may have been carried out',
)

/** A bug, of which the caller learns nothing but the id of the request. */
export const serverFault = new Failure(
  'server_fault',
  500,
  'An error occurred. If this error persists, contact your instruction team.',
)

/** The database is busy or away, or the server is about to stop: the same request may succeed a little later. */
export const unavailable = new Failure('unavailable', 503, 'Error: not available now, try again in a moment')
