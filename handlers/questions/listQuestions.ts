import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { count, id, page, rowsOf } from '../fields.ts'

/** An answer as its question shows it: its photos are bare URLs here. */
export const QuestionAnswer = z.object({
  id: z.int(),
  body: z.string(),
  date: z.iso.datetime(),
  answerer_name: z.string(),
  helpfulness: z.int(),
  photos: z.array(z.string()),
})
/** `answers` holds all that are not reported, by id. */
export const Question = z.object({
  question_id: z.int(),
  question_body: z.string(),
  question_date: z.iso.datetime(),
  asker_name: z.string(),
  question_helpfulness: z.int(),
  reported: z.literal(false),
  answers: z.record(z.string(), QuestionAnswer),
})
export const QuestionList = z.object({ product_id: z.string(), results: z.array(Question) })
export type QuestionList = z.infer<typeof QuestionList>

const questionsOf = lookup({ product_id: 'int', skip: 'int', take: 'int' })<QuestionList>`
  select keys.n, row_to_json(list) as answer
  from keys cross join lateral (
    select keys.product_id::text as product_id, (
      select coalesce(json_agg(question), '[]') from (
        select
          question_id, question_body, midnight(question_date) as question_date, asker_name, question_helpfulness,
          reported, (
            select coalesce(json_object_agg(id, answer), '{}') from (
              select answer_id as id, body, midnight(date) as date, answerer_name, helpfulness, coalesce(
                photo_urls,
                (select photo_urls from answer_albums where answer_albums.answer_id = answers.answer_id),
                '[]'
              ) as photos
              from answers
              where answers.question_id = questions.question_id and not reported
              order by answer_id
            ) answer
          ) as answers
        from questions
        where product_id = keys.product_id and not reported
        order by questions.question_helpfulness desc, question_id desc
        offset keys.skip limit keys.take
      ) question
    ) as results
  ) list`

export const listQuestions = endpoint({
  method: 'get',
  path: '/qa/questions',
  summary: 'The questions about a product, a page at a time, each with its answers, without reported ones',
  status: 200,
  input: z.object({ product_id: id, page, count }),
  output: QuestionList,
  failures: [],
  example: { product_id: 1 },
  cache: { by: 'product_id' },
  handle: (db, { product_id, ...asked }) => db.get(questionsOf, { product_id, ...rowsOf(asked) }),
})
