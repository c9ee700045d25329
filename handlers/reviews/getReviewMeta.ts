import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { id } from '../fields.ts'

export const ReviewMeta = z.object({
  product_id: z.string(),
  ratings: z.partialRecord(z.enum(['1', '2', '3', '4', '5']), z.string()),
  recommended: z.partialRecord(z.enum(['false', 'true']), z.string()),
  characteristics: z.record(z.string(), z.object({ id: z.int(), value: z.string().nullable() })),
})
export type ReviewMeta = z.infer<typeof ReviewMeta>

const metaOf = lookup({ product_id: 'int' })<ReviewMeta>`
  select product_id as key, answer from review_totals where product_id = any($keys)`

export const getReviewMeta = endpoint({
  method: 'get',
  path: '/reviews/meta',
  summary: 'How the reviews of a product add up, reported ones included',
  status: 200,
  input: z.object({ product_id: id }),
  output: ReviewMeta,
  failures: [],
  example: { product_id: 1 },
  cache: { by: 'product_id' },
  handle: async (db, { product_id }) =>
    (await db.get(metaOf, { product_id })) ?? {
      product_id: String(product_id),
      ratings: {},
      recommended: {},
      characteristics: {},
    },
})
