import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const restore = command({ review_id: 'int' })<{ product_id: number } | undefined>`
  with locked as (
    select review_id from reviews where review_id in (select review_id from keys) order by review_id for update
  ), changed as (
    update reviews set reported = false, reports = 0
    from locked where reviews.review_id = locked.review_id
    returning reviews.review_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (review_id)`

export const restoreReview = endpoint({
  method: 'put',
  path: '/moderation/reviews/:review_id/restore',
  access: 'admin',
  summary: 'Shows a reported review again, and counts its reports from 0',
  status: 204,
  input: z.object({ review_id: id }),
  output: NoContent,
  failures: [unknownReview],
  example: { review_id: 3 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(restore, key)) ?? unknownReview,
})
