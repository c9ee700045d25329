import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, NoContent, reportsToHide } from '../fields.ts'
import { done } from '../mutation.ts'

// Locked in the order of ids, as other writes lock them.
const report = command({ review_id: 'int', reports_to_hide: 'int' })<{ product_id: number } | undefined>`
  with counted as (
    select review_id, count(*) as times, min(reports_to_hide) as reports_to_hide from keys group by review_id
  ), locked as (
    select review_id, times, reports_to_hide
    from reviews join counted using (review_id)
    order by review_id
    for update of reviews
  ), changed as (
    update reviews set
      reports = least(reports + times, 2147483647),
      reported = reported or reports + times >= reports_to_hide
    from locked where reviews.review_id = locked.review_id
    returning reviews.review_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (review_id)`

export const reportReview = endpoint({
  method: 'put',
  path: '/reviews/:review_id/report',
  summary: 'Reports a review, which takes it out of the lists; the meta still counts it',
  status: 204,
  input: z.object({ review_id: id, reports_to_hide: reportsToHide }),
  output: NoContent,
  failures: [unknownReview],
  example: { review_id: 1 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(report, key)) ?? unknownReview,
})
