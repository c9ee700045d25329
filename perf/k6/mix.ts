import { endpoints } from '../../handlers/index.ts'
import { takesCart } from '../../router/places.ts'
import { isRead, operations, type Operation, type OperationId } from '../operations.ts'

/** How many of a hundred requests of a product page are for an operation: 95 read, 5 write. */
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

/** The weight of an operation; one that the mix does not name is asked now and then. */
export const weigh = (operation: Operation): number => {
  const ways = operations.filter(({ id }) => id === operation.id).length
  return (mix[operation.id] ?? (isRead(operation) ? 0.5 : 0.05)) / ways
}

/** What `script/main.ts` asks: an operation, how often, and what a right answer is. */
export type Asked = Operation & {
  readonly weight: number
  readonly status: number
  /** The JSON Schema of the answer to a read. */
  readonly schema: unknown
  /** The text of the answer to a write. */
  readonly text: string
  readonly namesCart: boolean
}

/** All that `script/main.ts` needs to know of some operations. */
export const describeOperations = (picked: readonly Operation[], toSchema: (id: OperationId) => unknown): Asked[] =>
  picked.map((operation) => {
    const { status } = endpoints[operation.id]
    return {
      ...operation,
      weight: weigh(operation),
      status,
      schema: toSchema(operation.id),
      text: status === 201 ? 'Created' : '',
      namesCart: takesCart(endpoints[operation.id]),
    }
  })
