import * as z from 'zod'
import { command, type Db, heavyLookup, lookup } from './database.ts'
import { endpoint, type FailureOf, run } from './endpoint.ts'
import { Failure, unknownProduct, unknownReview } from './failure.ts'
import { id, NoContent } from './fields.ts'
import { endpoints } from './index.ts'
import { done } from './mutation.ts'

// Compiled with everything else: each line below `@ts-expect-error` is one that the compiler must refuse.

const Answer = z.object({ product_id: z.string() })
const answerOf = heavyLookup({ product_id: 'int' })<{ product_id: string }>`select`
const change = command({ product_id: 'int' })<{ product_id: number }>`select`

const sound = {
  method: 'get',
  path: '/products/:product_id',
  summary: '',
  status: 200,
  input: z.object({ product_id: id }),
  output: Answer,
  failures: [unknownProduct],
  example: { product_id: 1 },
} as const

endpoint({ ...sound, handle: (db, { product_id }) => db.get(answerOf, { product_id }) })
endpoint({ ...sound, handle: async (_db, { product_id }) => ({ product_id: String(product_id) }) })
endpoint({ ...sound, handle: async () => unknownProduct })

// @ts-expect-error: a path parameter that the input lacks
endpoint({ ...sound, path: '/products/:product_id/:style_id', handle: async () => unknownProduct })

// @ts-expect-error: an undeclared failure
endpoint({ ...sound, handle: async () => unknownReview })

// @ts-expect-error: a wrong output
endpoint({ ...sound, handle: async () => ({ product_id: 1 }) })

const wrongAnswerOf = heavyLookup({ product_id: 'int' })<{ product_id: number }>`select`
// @ts-expect-error: a lookup of a wrong output
endpoint({ ...sound, handle: (db, key) => db.get(wrongAnswerOf, key) })

const maybeAnswerOf = lookup({ product_id: 'int' })<{ product_id: string }>`select`
// @ts-expect-error: a lookup may have no answer
endpoint({ ...sound, handle: (db, key) => db.get(maybeAnswerOf, key) })

const counted = { ...sound, method: 'put', status: 204, output: NoContent } as const
endpoint({ ...counted, handle: async (db, key) => done(await db.run(change, key)) })

// @ts-expect-error: a write that does not say what it changed
endpoint({ ...counted, handle: (db, key) => db.run(change, key).then(() => undefined) })

endpoint({ ...sound, cache: { by: 'product_id' }, handle: async () => unknownProduct })

// @ts-expect-error: an answer that is kept by an id that the input lacks
endpoint({ ...sound, cache: { by: 'question_id' }, handle: async () => unknownProduct })

const paged = { ...sound, input: z.object({ product_id: id, page: id }) } as const
// @ts-expect-error: an answer that is kept by what no write names
endpoint({ ...paged, cache: { by: 'page' }, handle: async () => unknownProduct })

// @ts-expect-error: a wrong example
endpoint({ ...sound, example: { product_id: true }, handle: async () => unknownProduct })

export const handlersCanOnlyAsk = (db: Db) => {
  // @ts-expect-error: a handler cannot end the client
  db.end()
  // @ts-expect-error: nor begin a transaction
  db.begin()
  // @ts-expect-error: nor listen
  db.listen('channel')
  // @ts-expect-error: a command is run, not got
  void db.get(change, { product_id: 1 })
  // @ts-expect-error: a lookup is got, not run
  void db.run(answerOf, { product_id: 1 })
  // @ts-expect-error: a key of a wrong type
  void db.get(answerOf, { product_id: '1' })
  // @ts-expect-error: a key without a column
  void db.get(answerOf, {})
}

// @ts-expect-error: a key of two columns
lookup({ product_id: 'int', style_id: 'int' })
// @ts-expect-error: a key that cannot be compared
lookup({ product: 'json' })
const pageOf = lookup({ product_id: 'int' }, { skip: 'int', name: 'text' })<{ product_id: string }>`select`
export const scalarsAreChecked = (db: Db) => {
  void db.get(pageOf, { product_id: 1, skip: 0, name: '' })
  // @ts-expect-error: a scalar that is missing
  void db.get(pageOf, { product_id: 1, skip: 0 })
  // @ts-expect-error: a scalar of a wrong type
  void db.get(pageOf, { product_id: 1, skip: 0, name: 1 })
  // @ts-expect-error: a scalar that is not declared
  void db.get(pageOf, { product_id: 1, skip: 0, name: '', take: 5 })
}

// No endpoint's failures are widened to any failure.
type Widened = {
  [Name in keyof typeof endpoints]: string extends FailureOf<(typeof endpoints)[Name]>['code'] ? Name : never
}[keyof typeof endpoints]
export const noneIsWidened = (name: Widened) => name satisfies never

export const callersAreTyped = async (db: Db) => {
  const { getReviewMeta, listStyles, addReview, markReviewHelpful, listAnswers } = endpoints
  // @ts-expect-error: a field that the input lacks
  await run(getReviewMeta, db, { prodct_id: 1 })
  // @ts-expect-error: a value of a wrong type
  await run(getReviewMeta, db, { product_id: true })

  const styles = await run(listStyles, db, { product_id: 1 })
  if (styles instanceof Failure) {
    // Each failure and no other: the last line compiles when none is left.
    const { code } = styles
    if (code === 'unknown_product') return styles.status satisfies 404
    return code satisfies never
  }
  styles.product_id satisfies string
  // @ts-expect-error: no such field
  void styles.price

  const added = await run(addReview, db, addReview.example)
  added satisfies 'Created' | Failure<'invalid_review', 422> | Failure<'unknown_product', 404>
  const marked = await run(markReviewHelpful, db, { review_id: 1 })
  marked satisfies undefined | Failure<'unknown_review', 404>

  // Invalid input that no declared failure covers.
  const answers = await run(listAnswers, db, { question_id: 1 })
  if (answers instanceof Failure) answers.code satisfies 'unknown_question' | 'invalid_parameter'

  getReviewMeta.method satisfies 'get'
  addReview.status satisfies 201
  return undefined
}
