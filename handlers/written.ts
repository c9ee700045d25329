/** Whose answers a write changes. */
type Rows = { readonly product_id?: number; readonly question_id?: number }

/**
 * What a write answers, and the names of what it changed, which a cache must forget: `product:7` is whatever shows the
 * reviews or questions of a product, `question:3` the list of answers to a question.
 */
export class Written<Answer = unknown> {
  readonly answer: Answer
  readonly changed: readonly string[]

  constructor(answer: Answer, { product_id, question_id }: Rows) {
    this.answer = answer
    this.changed = [
      ...(product_id === undefined ? [] : [`product:${product_id}`]),
      ...(question_id === undefined ? [] : [`question:${question_id}`]),
    ]
  }
}

/** The answer of a 201 to the row that its command gave; nothing if it gave none. */
export const created = <Row extends Rows | undefined>(row: Row) => written('Created' as const, row)

/** The answer of a 204 to the row that its command gave; nothing if it gave none. */
export const done = <Row extends Rows | undefined>(row: Row) => written(undefined, row)

const written = <Answer, Row extends Rows | undefined>(answer: Answer, row: Row) =>
  (row && new Written(answer, row)) as Written<Answer> | Extract<Row, undefined>
