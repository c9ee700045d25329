import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const restore = command({ answer_id: 'int' })<{ product_id: number; question_id: number } | undefined>`
  with locked as (
    select answer_id from answers where answer_id in (select answer_id from keys) order by answer_id for update
  ), changed as (
    update answers set reported = false, reports = 0
    from locked where answers.answer_id = locked.answer_id
    returning answers.answer_id, product_id, question_id
  )
  select n, json_build_object('product_id', product_id, 'question_id', question_id) as answer
  from keys join changed using (answer_id)`

export const restoreAnswer = endpoint({
  method: 'put',
  path: '/moderation/answers/:answer_id/restore',
  access: 'admin',
  summary: 'Shows a reported answer again, and counts its reports from 0',
  status: 204,
  input: z.object({ answer_id: id }),
  output: NoContent,
  failures: [unknownAnswer],
  example: { answer_id: 3 },
  invalidates: ['product_id', 'question_id'],
  handle: async (db, key) => done(await db.run(restore, key)) ?? unknownAnswer,
})
