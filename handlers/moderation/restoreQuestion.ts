import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const restore = command({ question_id: 'int' })<{ product_id: number } | undefined>`
  with locked as (
    select question_id from questions where question_id in (select question_id from keys)
    order by question_id for update
  ), changed as (
    update questions set reported = false, reports = 0
    from locked where questions.question_id = locked.question_id
    returning questions.question_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (question_id)`

export const restoreQuestion = endpoint({
  method: 'put',
  path: '/moderation/questions/:question_id/restore',
  access: 'admin',
  summary: 'Shows a reported question again, and counts its reports from 0',
  status: 204,
  input: z.object({ question_id: id }),
  output: NoContent,
  failures: [unknownQuestion],
  example: { question_id: 3 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(restore, key)) ?? unknownQuestion,
})
