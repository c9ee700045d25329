/** The ids that cached answers are grouped by, and that writes invalidate. */
export type CacheId = 'product_id' | 'question_id'

/** The ids in the row that a write returns; `created_id` is that of the row that a 201 added. */
type Row = { readonly [Id in CacheId | 'created_id']?: number }

/** The cache group (RFC 9875) of the answers that show data of an id: `product-7`. */
export const cacheGroup = (name: string, id: unknown): string => `${name.replace('_id', '')}-${String(id)}`

/** The result of a write: its answer, and its row, from which the endpoint's `invalidates` takes ids. */
export class Mutation<Answer = unknown> {
  readonly answer: Answer
  readonly row: Row

  constructor(answer: Answer, row: Row) {
    this.answer = answer
    this.row = row
  }
}

/** The mutation of a 201; undefined if its command returned no row. */
export const created = <MaybeRow extends Row | undefined>(row: MaybeRow) => mutation('Created' as const, row)

/** The mutation of a 204; undefined if its command returned no row. */
export const done = <MaybeRow extends Row | undefined>(row: MaybeRow) => mutation(undefined, row)

const mutation = <Answer, MaybeRow extends Row | undefined>(answer: Answer, row: MaybeRow) =>
  (row && new Mutation(answer, row)) as Mutation<Answer> | Extract<MaybeRow, undefined>
