import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

const report = command({ question_id: 'int' })<{ product_id: number } | undefined>`
  with changed as (
    update questions set reported = true
    from keys where questions.question_id = keys.question_id
    returning n, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from changed`

export const reportQuestion = endpoint({
  method: 'put',
  path: '/qa/questions/:question_id/report',
  summary: 'Takes a question out of the lists for good',
  status: 204,
  input: z.object({ question_id: id }),
  output: NoContent,
  failures: [unknownQuestion],
  example: { question_id: 1 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(report, key)) ?? unknownQuestion,
})
