import * as z from 'zod'
import { endpoints } from '../../handlers/index.ts'
import { takesCart } from '../../router/input/inputFields.ts'
import { isRead, operations, type LoadOperation, type OperationId } from '../operations.ts'

/** The share of each operation in a hundred requests of product pages: 95 read, 5 write. */
export const mix: { readonly [Id in OperationId]?: number } = {
  getProduct: 20,
  listStyles: 18,
  listReviews: 15,
  listRelatedProducts: 12,
  getReviewMeta: 12,
  listQuestions: 10,
  listAnswers: 4,
  getCart: 3,
  listProducts: 1,

  markReviewHelpful: 1.2,
  addToCart: 1.2,
  recordInteraction: 1,
  markQuestionHelpful: 0.4,
  markAnswerHelpful: 0.4,
  addReview: 0.3,
  addQuestion: 0.2,
  addAnswer: 0.2,
  reportReview: 0.04,
  reportQuestion: 0.03,
  reportAnswer: 0.03,
}

/** The weight of an operation, which is small for one that the mix does not name. */
export const weigh = (operation: LoadOperation): number => {
  const ways = operations.filter(({ id }) => id === operation.id).length
  return (mix[operation.id] ?? (isRead(operation) ? 0.5 : 0.05)) / ways
}

export const describeOperations = (picked: readonly LoadOperation[]) =>
  picked.map((operation) => {
    const { status, output } = endpoints[operation.id]
    return {
      ...operation,
      weight: weigh(operation),
      status,
      /** The JSON Schema of the answer to a read. */
      schema: z.toJSONSchema(output, { unrepresentable: 'any' }),
      /** The text of the answer to a write. */
      text: status === 201 ? 'Created' : '',
      namesCart: takesCart(endpoints[operation.id]),
    }
  })

/** An operation as `script/main.ts` reads it: with its weight and what a right answer is. */
export type ScriptOperation = ReturnType<typeof describeOperations>[number]
