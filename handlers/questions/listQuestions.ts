import * as z from 'zod'
import { heavyLookup, lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { count, id, page, pageRows } from '../fields.ts'
import { getPage, maxPageBytes } from '../page.ts'

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

const columns = [{ product_id: 'int' }, { skip: 'int', take: 'int' }] as const

const bytes = `shown_bytes(
  body, photo_urls, (select sum(octet_length(url)) from answer_photos where answer_photos.answer_id = answers.answer_id)
)`

const question = `
  question_id, question_body, midnight(question_date) as question_date, asker_name, question_helpfulness, reported`

const answer = (row: string) => `
  select answer_id as id, body, midnight(date) as date, answerer_name, helpfulness, coalesce(
    photo_urls, (select photo_urls from answer_albums where answer_albums.answer_id = ${row}.answer_id), '[]'
  ) as photos`

const list = (results: string) => `'{"product_id":"' || key || '","results":' || (${results}) || '}'`

// Without an answer if a question has more than 20 answers or large ones: no more than 21 are looked at.
const light = lookup(...columns)<QuestionList>`
  select key, ${list(`
    select case
      when bool_and(answers is not null) then json_agg(question) filter (where answers is not null)
      when count(*) = 0 then '[]'
    end
    from (
      select ${question}, (
        select case
          when count(*) > 20 or octet_length(question_body) > 4000 then null
          when bool_and(is_light) then json_object_agg(id, answer) filter (where is_light)
          when count(*) = 0 then '{}'
        end
        from (
          select answer_id, body, date, answerer_name, helpfulness, photo_urls, ${bytes} <= 2000 as is_light
          from answers
          where answers.question_id = questions.question_id and not reported
          order by answer_id
          limit 21
        ) listed cross join lateral (${answer('listed')}) answer
      ) as answers
      from questions
      where product_id = key and not reported
      order by questions.question_helpfulness desc, question_id desc
      offset $skip limit $take
    ) question
  `)} as answer
  from unnest($keys) as key`

// Pages by ids in the index alone, then adds up the sizes of their rows, then reads the rows.
const heavy = heavyLookup(...columns)<QuestionList>`
  select key, ${list(`
    select coalesce(json_agg(question order by place), '[]')
    from unnest(ids) with ordinality listed(question_id, place) join questions using (question_id)
      cross join lateral (
        select ${question}, (
          select coalesce(json_object_agg(id, answer), '{}') from (
            ${answer('answers')}
            from answers
            where answers.question_id = questions.question_id and not reported
            order by answer_id
          ) answer
        ) as answers
      ) question
  `)} as answer
  from unnest($keys) as key cross join lateral (
    select array_agg(question_id) as ids from (
      select question_id from questions
      where product_id = key and not reported
      order by questions.question_helpfulness desc, question_id desc
      offset $skip limit $take
    ) listed
  ) listed
  where (
    select coalesce(sum(octet_length(question_body)), 0) from questions where question_id = any(ids)
  ) + (
    select coalesce(sum(${bytes}), 0) from answers where question_id = any(ids) and not reported
  ) <= ${maxPageBytes}`

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
  handle: (db, { product_id, page, count }) =>
    getPage(db, { light, heavy }, { product_id, ...pageRows({ page, count }) }),
})
