import * as z from 'zod'
import { counter } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

// Rows are locked in the order of their ids, so that two statements that count for the same rows cannot deadlock.
// The count stops at the maximum of int: an overflow would fail all keys of the statement.
const increment = counter({ question_id: 'int' })<{ product_id: number } | undefined>`
  with counted as (
    select question_id, count(*) as times from keys group by question_id
  ), locked as (
    select question_id, times from questions join counted using (question_id) order by question_id for update of questions
  ), changed as (
    update questions set question_helpfulness = least(question_helpfulness + times, 2147483647)
    from locked where questions.question_id = locked.question_id
    returning questions.question_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (question_id)`

export const markQuestionHelpful = endpoint({
  method: 'put',
  path: '/qa/questions/:question_id/helpful',
  summary: 'Counts one more reader whom a question helped',
  status: 204,
  input: z.object({ question_id: id }),
  output: NoContent,
  failures: [unknownQuestion],
  example: { question_id: 1 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(increment, key)) ?? unknownQuestion,
})
