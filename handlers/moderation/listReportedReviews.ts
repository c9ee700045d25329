import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { isReported, Photos, queueInput, queueRows, Reported } from './queue.ts'

export const ReportedReview = z.object({
  review_id: z.int(),
  ...Reported.shape,
  rating: z.int(),
  summary: z.string(),
  body: z.string(),
  response: z.string().nullable(),
  date: z.iso.datetime(),
  reviewer_name: z.string(),
  reviewer_email: z.string().nullable(),
  photos: Photos,
})
type ReportedReview = z.infer<typeof ReportedReview>

const queue = (order: string) => lookup({ skip: 'int' }, { take: 'int' })<ReportedReview[]>`
  select key, (
    select coalesce(json_agg(review), '[]') from (
      select * from reviews where ${isReported} order by ${order} offset key limit $take
    ) listed cross join lateral (
      select
        review_id, product_id, reports, reported, rating, summary, body, response, midnight(date) as date,
        reviewer_name, reviewer_email, coalesce(
          photos, (select photos from review_albums where review_albums.review_id = listed.review_id), '[]'
        ) as photos
    ) review
  ) as answer
  from unnest($keys) as key`

const queues = { most_reported: queue('reports desc, review_id'), oldest: queue('date, review_id') }

export const listReportedReviews = endpoint({
  method: 'get',
  path: '/moderation/reviews',
  access: 'admin',
  summary: 'Reported reviews, with who wrote them',
  status: 200,
  input: queueInput,
  output: z.array(ReportedReview),
  failures: [],
  example: { order: 'oldest', count: 2 },
  handle: async (db, { order, ...page }) => (await db.get(queues[order], queueRows(page))) ?? [],
})
