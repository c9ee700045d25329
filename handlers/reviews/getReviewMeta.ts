import { z } from 'zod'
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
  select keys.n, row_to_json(meta) as answer
  from keys cross join lateral (
    select
      keys.product_id::text as product_id,
      (select coalesce(json_object_agg(rating, count::text order by rating), '{}') from (
        select rating, count(*) from reviews where reviews.product_id = keys.product_id group by rating
      ) counted) as ratings,
      (select coalesce(json_object_agg(recommend, count::text order by recommend), '{}') from (
        select recommend, count(*) from reviews where reviews.product_id = keys.product_id group by recommend
      ) counted) as recommended,
      (select coalesce(json_object_agg(name, json_build_object('id', characteristic_id, 'value', value) order by characteristic_id), '{}') from (
        select name, characteristic_id, (
          select round(avg(value), 16)::text from characteristic_reviews where characteristic_reviews.characteristic_id = characteristics.characteristic_id
        ) as value
        from characteristics where characteristics.product_id = keys.product_id
      ) averaged) as characteristics
  ) meta`

export const getReviewMeta = endpoint({
  method: 'get',
  path: '/reviews/meta',
  summary: 'How the reviews of a product add up, reported ones included',
  status: 200,
  input: z.object({ product_id: id }),
  output: ReviewMeta,
  failures: [],
  example: { product_id: 1 },
  handle: (db, { product_id }) => db.get(metaOf, { product_id }),
})
