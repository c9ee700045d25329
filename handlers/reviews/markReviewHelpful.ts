import * as z from 'zod'
import { counter } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

// Rows are locked in the order of their ids, so that two statements that count for the same rows cannot deadlock.
// The count stops at the maximum of int: an overflow would fail all keys of the statement.
const increment = counter({ review_id: 'int' })<{ product_id: number } | undefined>`
  with counted as (
    select review_id, count(*) as times from keys group by review_id
  ), locked as (
    select review_id, times from reviews join counted using (review_id) order by review_id for update of reviews
  ), changed as (
    update reviews set helpfulness = least(helpfulness + times, 2147483647)
    from locked where reviews.review_id = locked.review_id
    returning reviews.review_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (review_id)`

export const markReviewHelpful = endpoint({
  method: 'put',
  path: '/reviews/:review_id/helpful',
  summary: 'Counts one more reader whom a review helped',
  status: 204,
  input: z.object({ review_id: id }),
  output: NoContent,
  failures: [unknownReview],
  example: { review_id: 1 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(increment, key)) ?? unknownReview,
})
