import * as z from 'zod'
import { heavyLookup, lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { count, id, maxInt, page, pageRows } from '../fields.ts'
import { getPage, maxPageBytes } from '../page.ts'

export const Answer = z.object({
  answer_id: z.int(),
  body: z.string(),
  date: z.iso.datetime(),
  answerer_name: z.string(),
  helpfulness: z.int(),
  photos: z.array(z.object({ id: z.int(), url: z.string() })),
})

// The replaced service echoed page and count as numbers when it had put them in, as strings when the client had.
const echoed = (field: typeof page) =>
  z
    .union([z.string(), z.int()])
    .refine((value) => id.safeParse(value).success, `must be a whole number from 0 to ${maxInt}`)
    .meta({ description: field.description, minimum: 0, maximum: maxInt })
    .default(field.parse(undefined))

export const AnswerList = z.object({
  question: z.string(),
  page: z.union([z.string(), z.int()]),
  count: z.union([z.string(), z.int()]),
  results: z.array(Answer),
})
export type AnswerList = z.infer<typeof AnswerList>

const columns = [{ question_id: 'int' }, { page: 'json', count: 'json', skip: 'int', take: 'int' }] as const

const bytes = `shown_bytes(
  body, photos, (select sum(octet_length(url)) from answer_photos where answer_photos.answer_id = answers.answer_id)
)`

const answer = (row: string) => `
  select answer_id, body, midnight(date) as date, answerer_name, helpfulness, coalesce(
    photos, (select photos from answer_albums where answer_albums.answer_id = ${row}.answer_id), '[]'
  ) as photos`

const list = (results: string) =>
  `'{"question":"' || key || '","page":' || $page || ',"count":' || $count || ',"results":' || (${results}) || '}'`

const light = lookup(...columns)<AnswerList>`
  select key, ${list(`
    select case when bool_and(is_light) then json_agg(answer) filter (where is_light) when count(*) = 0 then '[]' end
    from (
      select answer_id, body, date, answerer_name, helpfulness, photos, ${bytes} <= 4000 as is_light
      from answers
      where question_id = key and not reported
      order by helpfulness desc, answer_id
      offset $skip limit $take
    ) listed cross join lateral (${answer('listed')}) answer
  `)} as answer
  from unnest($keys) as key`

// Pages by ids in the index alone, then reads their rows: none of them if they are too large together.
const heavy = heavyLookup(...columns)<AnswerList>`
  select key, ${list(`
    select case when bool_and(fits) then json_agg(answer) filter (where fits) when count(*) = 0 then '[]' end
    from (
      select
        answer_id, body, date, answerer_name, answers.helpfulness, photos,
        sum(${bytes}) over () <= ${maxPageBytes} as fits
      from (
        select answer_id, helpfulness from answers
        where question_id = key and not reported
        order by helpfulness desc, answer_id
        offset $skip limit $take
      ) ids join answers using (answer_id)
      order by ids.helpfulness desc, ids.answer_id
    ) listed cross join lateral (${answer('listed')}) answer
  `)} as answer
  from unnest($keys) as key`

export const listAnswers = endpoint({
  method: 'get',
  path: '/qa/questions/:question_id/answers',
  summary: 'The answers to a question, a page at a time, without reported ones',
  status: 200,
  input: z.object({ question_id: id, page: echoed(page), count: echoed(count) }),
  output: AnswerList,
  failures: [unknownQuestion],
  example: { question_id: 1, count: 2 },
  cache: { by: 'question_id' },
  handle: (db, { question_id, page, count }) =>
    getPage(
      db,
      { light, heavy },
      { question_id, page, count, ...pageRows({ page: Number(page), count: Number(count) }) },
    ),
})
