import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, NoContent, requiredText } from '../fields.ts'
import { done } from '../mutation.ts'

// The last of several responses to one review holds. JSON can be null.
const respond = command({ review_id: 'int', response: 'json' })<{ product_id: number } | undefined>`
  with last as (
    select distinct on (review_id) review_id, keys.response #>> '{}' as response from keys order by review_id, n desc
  ), locked as (
    select review_id, last.response from reviews join last using (review_id) order by review_id for update of reviews
  ), changed as (
    update reviews set response = locked.response
    from locked where reviews.review_id = locked.review_id
    returning reviews.review_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (review_id)`

export const respondToReview = endpoint({
  method: 'put',
  path: '/moderation/reviews/:review_id/response',
  access: 'admin',
  summary: "Sets the seller's response to a review; null clears it",
  status: 204,
  input: z.object({
    review_id: id,
    response: requiredText('response', 10_000).nullable().describe('The response; null clears it'),
  }),
  output: NoContent,
  failures: [unknownReview],
  example: { review_id: 1, response: 'Thank you for telling us.' },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(respond, key)) ?? unknownReview,
})
