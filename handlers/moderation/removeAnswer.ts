import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const remove = command({ answer_id: 'int' })<{ product_id: number; question_id: number } | undefined>`
  with locked as (
    select answer_id, product_id, question_id from answers
    where answer_id in (select answer_id from keys)
    order by answer_id
    for update
  ), removed_photos as (
    delete from answer_photos using locked where answer_photos.answer_id = locked.answer_id
  ), removed as (
    delete from answers using locked where answers.answer_id = locked.answer_id
  ), noted as (
    insert into removed_rows (name, id) select 'answers', answer_id from locked on conflict do nothing
  )
  select n, json_build_object('product_id', product_id, 'question_id', question_id) as answer
  from keys join locked using (answer_id)`

export const removeAnswer = endpoint({
  method: 'delete',
  path: '/moderation/answers/:answer_id',
  access: 'admin',
  summary: 'Removes an answer for good, with its photos',
  status: 204,
  input: z.object({ answer_id: id }),
  output: NoContent,
  failures: [unknownAnswer],
  example: { answer_id: 3 },
  invalidates: ['product_id', 'question_id'],
  handle: async (db, key) => done(await db.run(remove, key)) ?? unknownAnswer,
})
