import * as z from 'zod'
import { heavyLookup, lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { count, id, page, pageRows } from '../fields.ts'
import { getPage, maxPageBytes } from '../page.ts'

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
export type Review = z.infer<typeof Review>
/** `page` is the offset of the first review, as in the replaced service; `count` is what was asked for. */
export const ReviewList = z.object({ product: z.string(), page: z.int(), count: z.int(), results: z.array(Review) })
export type ReviewList = z.infer<typeof ReviewList>

const columns = [{ product_id: 'int' }, { page: 'bigint', count: 'int', skip: 'int', take: 'int' }] as const

const bytes = `shown_bytes(
  body, photos, (select sum(octet_length(url)) from review_photos where review_photos.review_id = reviews.review_id)
)`

/** SQL for a review as answers show it; `row` is the alias of its row of `reviews`. */
export const selectReview = (row: string) => `
  select
    review_id, rating, summary, recommend, response, body, midnight(date) as date, reviewer_name, helpfulness,
    coalesce(photos, (select photos from review_albums where review_albums.review_id = ${row}.review_id), '[]') as photos`

const list = (results: string) =>
  `'{"product":"' || key || '","page":' || $page || ',"count":' || $count || ',"results":' || (${results}) || '}'`

const light = (order: string) => lookup(...columns)<ReviewList>`
  select key, ${list(`
    select case when bool_and(is_light) then json_agg(review) filter (where is_light) when count(*) = 0 then '[]' end
    from (
      select
        review_id, rating, summary, recommend, response, body, date, reviewer_name, helpfulness, photos,
        ${bytes} <= 4000 as is_light
      from reviews
      where product_id = key and not reported
      order by ${order}
      offset $skip limit $take
    ) listed cross join lateral (${selectReview('listed')}) review
  `)} as answer
  from unnest($keys) as key`

// Pages by ids in the index alone, then reads their rows: none of them if they are too large together.
const heavy = (order: string) => heavyLookup(...columns)<ReviewList>`
  select key, ${list(`
    select case when bool_and(fits) then json_agg(review) filter (where fits) when count(*) = 0 then '[]' end
    from (
      select
        review_id, rating, summary, recommend, response, body, reviews.date, reviewer_name, reviews.helpfulness, photos,
        sum(${bytes}) over () <= ${maxPageBytes} as fits
      from (
        select review_id, helpfulness, date from reviews
        where product_id = key and not reported
        order by ${order}
        offset $skip limit $take
      ) ids join reviews using (review_id)
      order by ${order.replaceAll(/\w+ desc/g, 'ids.$&')}
    ) listed cross join lateral (${selectReview('listed')}) review
  `)} as answer
  from unnest($keys) as key`

const by = (order: string) => ({ light: light(order), heavy: heavy(order) })
const relevant = by('helpfulness desc, date desc, review_id desc')
const reviews = { newest: by('date desc, review_id desc'), helpful: relevant, relevant }

export const listReviews = endpoint({
  method: 'get',
  path: '/reviews',
  summary: 'The reviews of a product, a page at a time, without reported ones',
  status: 200,
  input: z.object({
    product_id: id,
    page,
    count,
    sort: z
      .enum(['newest', 'helpful', 'relevant'])
      .default('relevant')
      .catch('relevant')
      .describe('`newest` by date, the others by helpfulness and then by date; any other text is read as `relevant`'),
  }),
  output: ReviewList,
  failures: [],
  example: { product_id: 1, sort: 'newest' },
  cache: { by: 'product_id' },
  handle: (db, { product_id, page, count, sort }) =>
    getPage(db, reviews[sort], {
      product_id,
      page: (Math.max(page, 1) - 1) * count,
      count,
      ...pageRows({ page, count }),
    }),
})
