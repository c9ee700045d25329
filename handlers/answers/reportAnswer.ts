import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const report = command({ answer_id: 'int' })<{ product_id: number; question_id: number } | undefined>`
  with changed as (
    update answers set reported = true
    from keys where answers.answer_id = keys.answer_id
    returning n, product_id, question_id
  )
  select n, json_build_object('product_id', product_id, 'question_id', question_id) as answer from changed`

export const reportAnswer = endpoint({
  method: 'put',
  path: '/qa/answers/:answer_id/report',
  summary: 'Takes an answer out of the lists for good',
  status: 204,
  input: z.object({ answer_id: id }),
  output: NoContent,
  failures: [unknownAnswer],
  example: { answer_id: 1 },
  invalidates: ['product_id', 'question_id'],
  handle: async (db, key) => done(await db.run(report, key)) ?? unknownAnswer,
})
