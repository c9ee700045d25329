import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { id, NoContent, reportsToHide } from '../fields.ts'
import { done } from '../mutation.ts'

// Locked in the order of ids, as other writes lock them.
const report = command({ answer_id: 'int', reports_to_hide: 'int' })<
  { product_id: number; question_id: number } | undefined
>`
  with counted as (
    select answer_id, count(*) as times, min(reports_to_hide) as reports_to_hide from keys group by answer_id
  ), locked as (
    select answer_id, times, reports_to_hide
    from answers join counted using (answer_id)
    order by answer_id
    for update of answers
  ), changed as (
    update answers set
      reports = least(reports + times, 2147483647),
      reported = reported or reports + times >= reports_to_hide
    from locked where answers.answer_id = locked.answer_id
    returning answers.answer_id, product_id, question_id
  )
  select n, json_build_object('product_id', product_id, 'question_id', question_id) as answer
  from keys join changed using (answer_id)`

export const reportAnswer = endpoint({
  method: 'put',
  path: '/qa/answers/:answer_id/report',
  summary: 'Reports an answer, which takes it out of the lists',
  status: 204,
  input: z.object({ answer_id: id, reports_to_hide: reportsToHide }),
  output: NoContent,
  failures: [unknownAnswer],
  example: { answer_id: 1 },
  invalidates: ['product_id', 'question_id'],
  handle: async (db, key) => done(await db.run(report, key)) ?? unknownAnswer,
})
