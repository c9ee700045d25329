import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { id, largest, rowsOf } from '../fields.ts'

export const Answer = z.object({
  answer_id: z.int(),
  body: z.string(),
  date: z.iso.datetime(),
  answerer_name: z.string(),
  helpfulness: z.int(),
  photos: z.array(z.object({ id: z.int(), url: z.string() })),
})

// The replaced service echoed page and count as numbers when it had put them in, as strings when the client had.
const echoed = (otherwise: number) =>
  z
    .union([z.string(), z.int()])
    .refine((value) => id.safeParse(value).success, `must be a whole number from 0 to ${largest}`)
    .meta({ minimum: 0, maximum: largest })
    .default(otherwise)

export const AnswerList = z.object({
  question: z.string(),
  page: z.union([z.string(), z.int()]),
  count: z.union([z.string(), z.int()]),
  results: z.array(Answer),
})
export type AnswerList = z.infer<typeof AnswerList>

const answersOf = lookup({ question_id: 'int', page: 'json', count: 'json', skip: 'int', take: 'int' })<AnswerList>`
  select keys.n, row_to_json(list) as answer
  from keys cross join lateral (
    select keys.question_id::text as question, keys.page, keys.count, (
      select coalesce(json_agg(answer), '[]') from (
        select answer_id, body, midnight(date) as date, answerer_name, helpfulness, coalesce(
          photos, (select photos from answer_albums where answer_albums.answer_id = answers.answer_id), '[]'
        ) as photos
        from answers
        where question_id = keys.question_id and not reported
        order by helpfulness desc, answer_id
        offset keys.skip limit keys.take
      ) answer
    ) as results
  ) list`

export const listAnswers = endpoint({
  method: 'get',
  path: '/qa/questions/:question_id/answers',
  summary: 'The answers to a question, a page at a time, without reported ones',
  status: 200,
  input: z.object({ question_id: id, page: echoed(1), count: echoed(5) }),
  output: AnswerList,
  failures: [unknownQuestion],
  example: { question_id: 1, count: '2' },
  cache: { by: 'question_id' },
  handle: (db, { question_id, page, count }) =>
    db.get(answersOf, { question_id, page, count, ...rowsOf({ page: Number(page), count: Number(count) }) }),
})
