import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidQuestion, unknownProduct } from '../failure.ts'
import { Created, email, id, name, requiredText } from '../fields.ts'
import { created } from '../mutation.ts'

const add = command({ product_id: 'int', body: 'text', name: 'text', email: 'text' })<
  { product_id: number; created_id: number } | undefined
>`
  with question as (
    insert into questions (product_id, question_body, asker_name, asker_email)
    select product_id, body, keys.name, email
    from keys join products using (product_id)
    returning product_id, question_id as created_id
  )
  select n, row_to_json(question) as answer from keys, question`

export const addQuestion = endpoint({
  method: 'post',
  path: '/qa/questions',
  summary: 'Asks a question about a product',
  status: 201,
  input: z.object({ body: requiredText('body', 10_000).describe('The question'), name, email, product_id: id }),
  output: Created,
  failures: [invalidQuestion, unknownProduct],
  example: {
    body: 'Does it come with a spare button?',
    name: 'button_keeper',
    email: 'keeper@mail.example',
    product_id: 1,
  },
  invalidates: ['product_id'],
  shownAt: '/qa/questions?product_id=:product_id',
  handle: async (db, question) => created(await db.run(add, question)) ?? unknownProduct,
})
