/** How many of a hundred requests of a product page are for an operation: 95 read, 5 write. */
export const mix = {
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

/** An operation of the API by its id. */
export type Name = keyof typeof mix

export const names = Object.keys(mix) as Name[]

/** How many pages of all products are asked for. */
export const pages = 200
