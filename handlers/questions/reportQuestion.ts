import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { id, NoContent, reportsToHide } from '../fields.ts'
import { done } from '../mutation.ts'

// Locked in the order of ids, as other writes lock them.
const report = command({ question_id: 'int', reports_to_hide: 'int' })<{ product_id: number } | undefined>`
  with counted as (
    select question_id, count(*) as times, min(reports_to_hide) as reports_to_hide from keys group by question_id
  ), locked as (
    select question_id, times, reports_to_hide
    from questions join counted using (question_id)
    order by question_id
    for update of questions
  ), changed as (
    update questions set
      reports = least(reports + times, 2147483647),
      reported = reported or reports + times >= reports_to_hide
    from locked where questions.question_id = locked.question_id
    returning questions.question_id, product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join changed using (question_id)`

export const reportQuestion = endpoint({
  method: 'put',
  path: '/qa/questions/:question_id/report',
  summary: 'Reports a question, which takes it out of the lists',
  status: 204,
  input: z.object({ question_id: id, reports_to_hide: reportsToHide }),
  output: NoContent,
  failures: [unknownQuestion],
  example: { question_id: 1 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(report, key)) ?? unknownQuestion,
})
