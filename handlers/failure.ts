/** One thing that is wrong with an input: the field, and what would be right. */
export type Issue = { readonly field: string; readonly reason: string }

type Options = { readonly issues?: readonly Issue[]; readonly listsReasons?: boolean }

/** A refusal, as a value: a code that never changes, the HTTP status, and the text that old clients compare. */
export class Failure<Code extends string = string, Status extends number = number> {
  readonly code: Code
  readonly status: Status
  readonly text: string
  readonly issues: readonly Issue[]
  readonly #listsReasons: boolean

  constructor(code: Code, status: Status, text: string, { issues = [], listsReasons = false }: Options = {}) {
    this.code = code
    this.status = status
    this.text = text
    this.issues = issues
    this.#listsReasons = listsReasons
  }

  /** The same failure with issues, whose reasons end its text if it lists them. */
  withIssues(issues: readonly Issue[]): Failure<Code, Status> {
    const reasons = this.#listsReasons ? [...new Set(issues.map(({ reason }) => reason))].join(',') : ''
    return new Failure(this.code, this.status, this.text + reasons, { issues })
  }
}

// All that a caller can be refused: what endpoints declare, and then what any request may meet.

export const unknownProduct = new Failure('unknown_product', 404, 'Error: invalid product_id provided')
export const unknownReview = new Failure('unknown_review', 404, 'Error: invalid review id provided')
export const unknownQuestion = new Failure('unknown_question', 404, 'Error: invalid question id provided')
export const unknownAnswer = new Failure('unknown_answer', 404, 'Error: invalid answer id provided')
export const unknownSku = new Failure('unknown_sku', 404, 'Error: invalid sku_id provided')

const invalidBody = <Code extends string>(code: Code, noun: string, options?: Options) =>
  new Failure(code, 422, `Error: ${noun} body contains invalid entries`, options)
export const invalidReview = invalidBody('invalid_review', 'Review')
export const invalidQuestion = invalidBody('invalid_question', 'Question')
// The replaced service listed reasons for answers alone, without a space before them.
export const invalidAnswer = invalidBody('invalid_answer', 'Answer', { listsReasons: true })
export const invalidCart = invalidBody('invalid_cart', 'Cart')
export const invalidErasure = invalidBody('invalid_erasure', 'Erasure')
export const invalidInteraction = invalidBody('invalid_interaction', 'Interaction')

/** An input that breaks a rule, where the endpoint declares no failure of the same status. */
export const invalidParameter = (name: string) =>
  new Failure('invalid_parameter', 422, `Error: invalid ${name} provided`)

const formText = 'Error: a form of another site cannot fill a cart, send the request from a script with a token'

/** Failures that a node alone can answer with, as it reads the body and the headers of a request. */
const requestFailures = {
  malformedBody: new Failure('malformed_body', 400, 'Error: the body is no readable JSON'),
  invalidIdempotencyKey: new Failure(
    'invalid_idempotency_key',
    400,
    'Error: an Idempotency-Key has 1 to 255 visible ASCII characters',
  ),
  wrongToken: new Failure('wrong_token', 401, 'Error: this needs the admin token, as Authorization: Bearer <token>'),
  crossSiteForm: new Failure('cross_site_form', 403, formText),
  idempotencyKeyReused: new Failure(
    'idempotency_key_reused',
    422,
    'Error: the Idempotency-Key was used for another request, send a new one',
  ),
  unnamedCart: new Failure(
    'unnamed_cart',
    422,
    'Error: with an Idempotency-Key, send a token or the cookie that names the cart',
  ),
}

/** Failures of a server and of the balancer. */
export const serverFailures = {
  malformedRequest: new Failure('malformed_request', 400, 'Error: the request cannot be read'),
  unknownRoute: new Failure('unknown_route', 404, 'Error: there is nothing at this address'),
  methodNotAllowed: new Failure('method_not_allowed', 405, 'Error: this address does not take that method'),
  requestTimeout: new Failure('request_timeout', 408, 'Error: the request took too long to arrive'),
  bodyTooLarge: new Failure('body_too_large', 413, 'Error: the body is larger than 64 KiB'),
  targetTooLong: new Failure('target_too_long', 414, 'Error: the address is longer than 8 KiB'),
  expectationFailed: new Failure('expectation_failed', 417, 'Error: nothing but 100-continue can be expected'),
  tooManyRequests: new Failure('too_many_requests', 429, 'Error: too many requests, try again in a moment'),
  headersTooLarge: new Failure('headers_too_large', 431, 'Error: the headers are larger than 16 KiB'),
  // A bug.
  serverFault: new Failure(
    'server_fault',
    500,
    'An error occurred. If this error persists, contact your instruction team.',
  ),
  // A node got a write and did not answer.
  outcomeUnknown: new Failure('outcome_unknown', 502, 'Error: no answer came, the request may have been carried out'),
  // The database rejects with `Unavailable`, the server has as many requests as it takes, or it is about to stop.
  unavailable: new Failure('unavailable', 503, 'Error: not available now, try again in a moment'),
}

/** All failures that no endpoint declares. */
export const httpFailures = { ...requestFailures, ...serverFailures }
export type HttpFailure = (typeof httpFailures)[keyof typeof httpFailures]
