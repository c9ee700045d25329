import { z } from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { id, Nothing } from '../fields.ts'

const increment = command({ answer_id: 'int' })<{ product_id: number } | undefined>`
  with changed as (
    update answers set helpfulness = helpfulness + 1
    from keys where answers.answer_id = keys.answer_id
    returning n, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from changed`

export const markAnswerHelpful = endpoint({
  method: 'put',
  path: '/qa/answers/:answer_id/helpful',
  summary: 'Counts one more reader whom an answer helped',
  status: 204,
  input: z.object({ answer_id: id }),
  output: Nothing,
  failures: [unknownAnswer],
  example: { answer_id: 1 },
  handle: async (db, key) => ((await db.run(increment, key)) ? undefined : unknownAnswer),
})
