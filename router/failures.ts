import { Failure } from '../handlers/failure.ts'

/** A path that no endpoint has. */
export const unknownRoute = new Failure('unknown_route', 404, 'Error: there is nothing at this address')

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

/** Not ready to be sent requests: the database does not answer, or the server is about to stop. */
export const notReady = new Failure('not_ready', 503, 'Error: not ready')
