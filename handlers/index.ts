import { addAnswer } from './answers/addAnswer.ts'
import { listAnswers } from './answers/listAnswers.ts'
import { markAnswerHelpful } from './answers/markAnswerHelpful.ts'
import { reportAnswer } from './answers/reportAnswer.ts'
import { addToCart } from './cart/addToCart.ts'
import { getCart } from './cart/getCart.ts'
import { recordInteraction } from './interactions/recordInteraction.ts'
import { erasePerson } from './moderation/erasePerson.ts'
import { listReportedAnswers } from './moderation/listReportedAnswers.ts'
import { listReportedQuestions } from './moderation/listReportedQuestions.ts'
import { listReportedReviews } from './moderation/listReportedReviews.ts'
import { removeAnswer } from './moderation/removeAnswer.ts'
import { removeQuestion } from './moderation/removeQuestion.ts'
import { removeReview } from './moderation/removeReview.ts'
import { respondToReview } from './moderation/respondToReview.ts'
import { restoreAnswer } from './moderation/restoreAnswer.ts'
import { restoreQuestion } from './moderation/restoreQuestion.ts'
import { restoreReview } from './moderation/restoreReview.ts'
import { getProduct } from './products/getProduct.ts'
import { listProducts } from './products/listProducts.ts'
import { listRelatedProducts } from './products/listRelatedProducts.ts'
import { listStyles } from './products/listStyles.ts'
import { addQuestion } from './questions/addQuestion.ts'
import { listQuestions } from './questions/listQuestions.ts'
import { markQuestionHelpful } from './questions/markQuestionHelpful.ts'
import { reportQuestion } from './questions/reportQuestion.ts'
import { addReview } from './reviews/addReview.ts'
import { getReviewMeta } from './reviews/getReviewMeta.ts'
import { listReviews } from './reviews/listReviews.ts'
import { markReviewHelpful } from './reviews/markReviewHelpful.ts'
import { reportReview } from './reviews/reportReview.ts'

/** The table of contents: every operation of the API by its id. */
export const endpoints = {
  listProducts, // GET /products
  getProduct, // GET /products/:product_id
  listStyles, // GET /products/:product_id/styles
  listRelatedProducts, // GET /products/:product_id/related

  listReviews, // GET /reviews
  getReviewMeta, // GET /reviews/meta
  addReview, // POST /reviews
  markReviewHelpful, // PUT /reviews/:review_id/helpful
  reportReview, // PUT /reviews/:review_id/report

  listQuestions, // GET /qa/questions
  addQuestion, // POST /qa/questions
  markQuestionHelpful, // PUT /qa/questions/:question_id/helpful
  reportQuestion, // PUT /qa/questions/:question_id/report
  listAnswers, // GET /qa/questions/:question_id/answers
  addAnswer, // POST /qa/questions/:question_id/answers
  markAnswerHelpful, // PUT /qa/answers/:answer_id/helpful
  reportAnswer, // PUT /qa/answers/:answer_id/report

  getCart, // GET /cart
  addToCart, // POST /cart

  recordInteraction, // POST /interactions

  // For holders of the admin token.
  listReportedReviews, // GET /moderation/reviews
  restoreReview, // PUT /moderation/reviews/:review_id/restore
  removeReview, // DELETE /moderation/reviews/:review_id
  respondToReview, // PUT /moderation/reviews/:review_id/response
  listReportedQuestions, // GET /moderation/questions
  restoreQuestion, // PUT /moderation/questions/:question_id/restore
  removeQuestion, // DELETE /moderation/questions/:question_id
  listReportedAnswers, // GET /moderation/answers
  restoreAnswer, // PUT /moderation/answers/:answer_id/restore
  removeAnswer, // DELETE /moderation/answers/:answer_id
  erasePerson, // POST /moderation/erasures
}

// The parts of an API of your own.
export { buildSql, type Sql } from './buildSql.ts'
export { command, counter, lookup, Unavailable, type Command, type Db, type Json, type Lookup } from './database.ts'
export { endpoint, respond, run, type Endpoint, type FailureOf, type InputOf, type OutputOf } from './endpoint.ts'
export { Failure, type Issue } from './failure.ts'
export * as failures from './failure.ts'
export * as fields from './fields.ts'
export { IdempotencyKeyReused, withIdempotencyKey, type IdempotencyKey } from './idempotency.ts'
export { created, done, Mutation } from './mutation.ts'
