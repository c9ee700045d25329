/** One thing that is wrong with what a caller sent: where, and what would be right. */
export type Issue = { readonly field: string; readonly reason: string }

type Details = { readonly faults?: readonly Issue[]; readonly listsReasons?: boolean }

/** What a caller can do wrong, as a value: a code that never changes, the HTTP status, and the text that old clients compare. */
export class Failure<Code extends string = string, Status extends number = number> {
  readonly code: Code
  readonly status: Status
  readonly text: string
  readonly faults: readonly Issue[]
  readonly #listsReasons: boolean

  constructor(code: Code, status: Status, text: string, { faults = [], listsReasons = false }: Details = {}) {
    this.code = code
    this.status = status
    this.text = text
    this.faults = faults
    this.#listsReasons = listsReasons
  }

  /** The same failure, with what was wrong. */
  withIssues(faults: readonly Issue[]): Failure<Code, Status> {
    const reasons = this.#listsReasons ? [...new Set(faults.map((fault) => fault.reason))].join(',') : ''
    return new Failure(this.code, this.status, this.text + reasons, { faults })
  }
}

/** A query parameter that breaks its rule. */
export const invalidParameter = (name: string) =>
  new Failure('invalid_parameter', 422, `Error: invalid ${name} provided`)

export const invalidReview = new Failure('invalid_review', 422, 'Error: Review body contains invalid entries')
export const invalidQuestion = new Failure('invalid_question', 422, 'Error: Question body contains invalid entries')
/** Its text ends in the reasons, with no space before them: the replaced service wrote it so, for answers alone. */
export const invalidAnswer = new Failure('invalid_answer', 422, 'Error: Answer body contains invalid entries', {
  listsReasons: true,
})
export const invalidCart = new Failure('invalid_cart', 422, 'Error: Cart body contains invalid entries')
export const invalidInteraction = new Failure(
  'invalid_interaction',
  422,
  'Error: Interaction body contains invalid entries',
)

export const unknownProduct = new Failure('unknown_product', 404, 'Error: invalid product_id provided')
export const unknownReview = new Failure('unknown_review', 404, 'Error: invalid review id provided')
export const unknownQuestion = new Failure('unknown_question', 404, 'Error: invalid question id provided')
export const unknownAnswer = new Failure('unknown_answer', 404, 'Error: invalid answer id provided')
export const unknownSku = new Failure('unknown_sku', 404, 'Error: invalid sku_id provided')
