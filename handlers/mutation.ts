/** The ids that answers are kept by, and that a write says it has changed. */
export type CacheId = 'product_id' | 'question_id'

/** The row that a write gives: whose answers it changed. */
type Row = { readonly [Id in CacheId]?: number }

/** The cache group (RFC 9875) of whatever shows what belongs to an id: `product-7`. */
export const cacheGroup = (name: string, id: unknown): string => `${name.replace(/_id$/, '')}-${String(id)}`

/** What a write answers, and the ids of what it changed; its endpoint says which of them invalidate kept answers. */
export class Mutation<Answer = unknown> {
  readonly answer: Answer
  readonly row: Row

  constructor(answer: Answer, row: Row) {
    this.answer = answer
    this.row = row
  }
}

/** The answer of a 201 to the row that its command gave; nothing if it gave none. */
export const created = <Given extends Row | undefined>(row: Given) => mutation('Created' as const, row)

/** The answer of a 204 to the row that its command gave; nothing if it gave none. */
export const done = <Given extends Row | undefined>(row: Given) => mutation(undefined, row)

const mutation = <Answer, Given extends Row | undefined>(answer: Answer, row: Given) =>
  (row && new Mutation(answer, row)) as Mutation<Answer> | Extract<Given, undefined>
