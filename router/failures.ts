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

/** A body that cannot be read as JSON, nests deeper than any input does, or has a key such as `__proto__`. */
export const malformedBody = new Failure('malformed_body', 400, 'Error: the body is no readable JSON')

/** A body of more than 64 KiB. */
export const bodyTooLarge = new Failure('body_too_large', 413, 'Error: the body is larger than 64 KiB')

/** A bug, of which the caller learns nothing but the id of the request. */
export const serverFault = new Failure(
  'server_fault',
  500,
  'An error occurred. If this error persists, contact your instruction team.',
)

/** The database is busy or away, or the server is about to stop: the same request may succeed a little later. */
export const unavailable = new Failure('unavailable', 503, 'Error: not available now, try again in a moment')
