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
  from keys left join review_totals totals using (product_id) cross join lateral (
    select
      product_id::text as product_id,
      json_strip_nulls(json_build_object(
        '1', nullif(rating_1, 0)::text,
        '2', nullif(rating_2, 0)::text,
        '3', nullif(rating_3, 0)::text,
        '4', nullif(rating_4, 0)::text,
        '5', nullif(rating_5, 0)::text
      )) as ratings,
      json_strip_nulls(json_build_object(
        'false', nullif(not_recommended, 0)::text,
        'true', nullif(recommended, 0)::text
      )) as recommended, (
        select coalesce(json_object_agg(name, characteristic order by characteristic_id), '{}') from (
          select name, characteristic_id, json_build_object(
            'id', characteristic_id, 'value', round(total::numeric / nullif(votes, 0), 16)::text
          ) as characteristic
          from characteristics where characteristics.product_id = keys.product_id
        ) averaged
      ) as characteristics
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
