import * as z from 'zod'
import { command, type Db } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

// Questions are locked before answers, each in the order of their ids.
const remove = command({ question_id: 'int' })<{ product_id: number; question_id: number } | undefined>`
  with locked as (
    select question_id, product_id from questions
    where question_id in (select question_id from keys)
    order by question_id
    for update
  ), locked_answers as (
    select answer_id from answers
    where question_id in (select question_id from locked)
    order by answer_id
    for update
  ), removed_photos as (
    delete from answer_photos using locked_answers where answer_photos.answer_id = locked_answers.answer_id
  ), removed_answers as (
    delete from answers using locked_answers where answers.answer_id = locked_answers.answer_id
  ), removed as (
    delete from questions using locked where questions.question_id = locked.question_id
  ), noted as (
    insert into removed_rows (name, id) select 'questions', question_id from locked on conflict do nothing
  )
  select n, json_build_object('product_id', product_id, 'question_id', question_id) as answer
  from keys join locked using (question_id)`

/** Removes a question. It is tried again when an answer was added since its statement began, which did not see it. */
const removeWithAnswers = async (db: Db, key: { question_id: number }, tries = 5) => {
  try {
    return await db.run(remove, key)
  } catch (error) {
    if ((error as { code?: string }).code !== '23503' || tries === 0) throw error
    return removeWithAnswers(db, key, tries - 1)
  }
}

export const removeQuestion = endpoint({
  method: 'delete',
  path: '/moderation/questions/:question_id',
  access: 'admin',
  summary: 'Removes a question for good, with its answers and their photos',
  status: 204,
  input: z.object({ question_id: id }),
  output: NoContent,
  failures: [unknownQuestion],
  example: { question_id: 3 },
  invalidates: ['product_id', 'question_id'],
  handle: async (db, key) => done(await removeWithAnswers(db, key)) ?? unknownQuestion,
})
