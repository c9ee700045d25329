import { z } from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, Nothing } from '../fields.ts'

const increment = command({ review_id: 'int' })<{ product_id: number } | undefined>`
  with changed as (
    update reviews set helpfulness = helpfulness + 1
    from keys where reviews.review_id = keys.review_id
    returning n, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from changed`

export const markReviewHelpful = endpoint({
  method: 'put',
  path: '/reviews/:review_id/helpful',
  summary: 'Counts one more reader whom a review helped',
  status: 204,
  input: z.object({ review_id: id }),
  output: Nothing,
  failures: [unknownReview],
  example: { review_id: 1 },
  handle: async (db, key) => ((await db.run(increment, key)) ? undefined : unknownReview),
})
