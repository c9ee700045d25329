import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidAnswer, unknownQuestion } from '../failure.ts'
import { Created, email, id, name, photos, requiredText } from '../fields.ts'
import { created } from '../mutation.ts'

const add = command({ question_id: 'int', body: 'text', name: 'text', email: 'text', photos: 'json' })<
  { product_id: number; question_id: number; created_id: number } | undefined
>`
  with answer as (
    insert into answers (question_id, product_id, body, answerer_name, answerer_email)
    select question_id, product_id, body, name, email
    from keys join questions using (question_id)
    -- Without the lock, a question that is removed meanwhile would break the reference.
    for key share of questions
    returning product_id, question_id, answer_id
  ), pictures as (
    insert into answer_photos (answer_id, product_id, url)
    select answer_id, product_id, url
    from answer, keys, json_array_elements_text(keys.photos) with ordinality as photo(url, position)
    order by position
  )
  select n, json_build_object(
    'product_id', product_id, 'question_id', answer.question_id, 'created_id', answer_id
  ) as answer
  from keys, answer`

export const addAnswer = endpoint({
  method: 'post',
  path: '/qa/questions/:question_id/answers',
  summary: 'Answers a question',
  status: 201,
  input: z.object({ question_id: id, body: requiredText('body', 10_000).describe('The answer'), name, email, photos }),
  output: Created,
  failures: [invalidAnswer, unknownQuestion],
  example: {
    question_id: 1,
    body: 'Yes, sewn inside the left pocket.',
    name: 'tailor',
    email: 'tailor@mail.example',
    photos: ['https://photos.example/button.jpg'],
  },
  invalidates: ['product_id', 'question_id'],
  shownAt: '/qa/questions/:question_id/answers',
  handle: async (db, answer) => created(await db.run(add, answer)) ?? unknownQuestion,
})
