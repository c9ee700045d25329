import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { isReported, queueInput, queueRows, Reported } from './queue.ts'

export const ReportedQuestion = z.object({
  question_id: z.int(),
  ...Reported.shape,
  question_body: z.string(),
  question_date: z.iso.datetime(),
  asker_name: z.string(),
  asker_email: z.string().nullable(),
})
type ReportedQuestion = z.infer<typeof ReportedQuestion>

const queue = (order: string) => lookup({ skip: 'int' }, { take: 'int' })<ReportedQuestion[]>`
  select key, (
    select coalesce(json_agg(question), '[]') from (
      select * from questions where ${isReported} order by ${order} offset key limit $take
    ) listed cross join lateral (
      select
        question_id, product_id, reports, reported, question_body, midnight(question_date) as question_date,
        asker_name, asker_email
    ) question
  ) as answer
  from unnest($keys) as key`

const queues = { most_reported: queue('reports desc, question_id'), oldest: queue('question_date, question_id') }

export const listReportedQuestions = endpoint({
  method: 'get',
  path: '/moderation/questions',
  access: 'admin',
  summary: 'Reported questions, with who asked them',
  status: 200,
  input: queueInput,
  output: z.array(ReportedQuestion),
  failures: [],
  example: { order: 'oldest', count: 2 },
  handle: async (db, { order, ...page }) => (await db.get(queues[order], queueRows(page))) ?? [],
})
