import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { isReported, Photos, queueInput, queueRows, Reported } from './queue.ts'

export const ReportedAnswer = z.object({
  answer_id: z.int(),
  question_id: z.int(),
  ...Reported.shape,
  body: z.string(),
  date: z.iso.datetime(),
  answerer_name: z.string(),
  answerer_email: z.string().nullable(),
  photos: Photos,
})
type ReportedAnswer = z.infer<typeof ReportedAnswer>

const queue = (order: string) => lookup({ skip: 'int' }, { take: 'int' })<ReportedAnswer[]>`
  select key, (
    select coalesce(json_agg(answer), '[]') from (
      select * from answers where ${isReported} order by ${order} offset key limit $take
    ) listed cross join lateral (
      select
        answer_id, question_id, product_id, reports, reported, body, midnight(date) as date,
        answerer_name, answerer_email, coalesce(
          photos, (select photos from answer_albums where answer_albums.answer_id = listed.answer_id), '[]'
        ) as photos
    ) answer
  ) as answer
  from unnest($keys) as key`

const queues = { most_reported: queue('reports desc, answer_id'), oldest: queue('date, answer_id') }

export const listReportedAnswers = endpoint({
  method: 'get',
  path: '/moderation/answers',
  access: 'admin',
  summary: 'Reported answers, with who wrote them',
  status: 200,
  input: queueInput,
  output: z.array(ReportedAnswer),
  failures: [],
  example: { order: 'oldest', count: 2 },
  handle: async (db, { order, ...page }) => (await db.get(queues[order], queueRows(page))) ?? [],
})
