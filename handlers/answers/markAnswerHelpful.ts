import * as z from 'zod'
import { counter } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

// Rows are locked in the order of their ids, so that two statements that count for the same rows cannot deadlock.
// The count stops at the maximum of int: an overflow would fail all keys of the statement.
const increment = counter({ answer_id: 'int' })<{ product_id: number; question_id: number } | undefined>`
  with counted as (
    select answer_id, count(*) as times from keys group by answer_id
  ), locked as (
    select answer_id, times from answers join counted using (answer_id) order by answer_id for update of answers
  ), changed as (
    update answers set helpfulness = least(helpfulness + times, 2147483647)
    from locked where answers.answer_id = locked.answer_id
    returning answers.answer_id, product_id, question_id
  )
  select n, json_build_object('product_id', product_id, 'question_id', question_id) as answer
  from keys join changed using (answer_id)`

export const markAnswerHelpful = endpoint({
  method: 'put',
  path: '/qa/answers/:answer_id/helpful',
  summary: 'Counts one more reader whom an answer helped',
  status: 204,
  input: z.object({ answer_id: id }),
  output: NoContent,
  failures: [unknownAnswer],
  example: { answer_id: 1 },
  invalidates: ['product_id', 'question_id'],
  handle: async (db, key) => done(await db.run(increment, key)) ?? unknownAnswer,
})
