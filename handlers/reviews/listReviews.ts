import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { count, id, page, rowsOf } from '../fields.ts'

export const Review = z.object({
  review_id: z.int(),
  rating: z.int().min(1).max(5),
  summary: z.string(),
  recommend: z.boolean(),
  response: z.string().nullable(),
  body: z.string(),
  date: z.iso.datetime(),
  reviewer_name: z.string(),
  helpfulness: z.int(),
  photos: z.array(z.object({ id: z.int(), url: z.string() })),
})
/** `page` is the offset of the first review, as in the replaced service; `count` is what was asked for. */
export const ReviewList = z.object({ product: z.string(), page: z.int(), count: z.int(), results: z.array(Review) })
export type ReviewList = z.infer<typeof ReviewList>

const reviewsBy = (order: string) => lookup({
  product_id: 'int',
  page: 'bigint',
  count: 'int',
  skip: 'int',
  take: 'int',
})<ReviewList>`
  select keys.n, row_to_json(list) as answer
  from keys cross join lateral (
    select keys.product_id::text as product, keys.page, keys.count, (
      select coalesce(json_agg(review), '[]') from (
        select
          review_id, rating, summary, recommend, response, body, midnight(date) as date, reviewer_name, helpfulness,
          coalesce(
            photos, (select photos from review_albums where review_albums.review_id = reviews.review_id), '[]'
          ) as photos
        from reviews
        where product_id = keys.product_id and not reported
        order by ${order}
        offset keys.skip limit keys.take
      ) review
    ) as results
  ) list`

const relevant = reviewsBy('helpfulness desc, reviews.date desc, review_id desc')
const reviews = { newest: reviewsBy('reviews.date desc, review_id desc'), helpful: relevant, relevant }

export const listReviews = endpoint({
  method: 'get',
  path: '/reviews',
  summary: 'The reviews of a product, a page at a time, without reported ones',
  status: 200,
  input: z.object({
    product_id: id,
    page,
    count,
    sort: z.enum(['newest', 'helpful', 'relevant']).default('relevant').catch('relevant'),
  }),
  output: ReviewList,
  failures: [],
  example: { product_id: 1, sort: 'newest' },
  cache: { by: 'product_id' },
  handle: (db, { product_id, page, count, sort }) =>
    db.get(reviews[sort], {
      product_id,
      page: (Math.max(page, 1) - 1) * count,
      count,
      ...rowsOf({ page, count }),
    }),
})
