import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const report = command({ review_id: 'int' })<{ product_id: number } | undefined>`
  with changed as (
    update reviews set reported = true
    from keys where reviews.review_id = keys.review_id
    returning n, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from changed`

export const reportReview = endpoint({
  method: 'put',
  path: '/reviews/:review_id/report',
  summary: 'Takes a review out of the lists for good; the meta still counts it',
  status: 204,
  input: z.object({ review_id: id }),
  output: NoContent,
  failures: [unknownReview],
  example: { review_id: 1 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(report, key)) ?? unknownReview,
})
