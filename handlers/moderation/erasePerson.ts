import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidErasure } from '../failure.ts'
import { email } from '../fields.ts'

/** The number of rows of each kind that were made anonymous. */
export const Erased = z.object({ reviews: z.int(), questions: z.int(), answers: z.int() })
export type Erased = z.infer<typeof Erased>

const wrote = (column: string) => `
  hashtextextended(lower(${column}), 0) = hashtextextended(lower(keys.email), 0)
  and lower(${column}) = lower(keys.email)`

// Bodies stay: they are about products, and others answer them. Questions are locked before answers, as where both are
// removed; the hash lets an import know the e-mail again.
export const erase = command({ email: 'text' })<Erased>`
  with noted as (
    insert into erased_emails (email_hash)
    select distinct hashtextextended(lower(email), 0) as hash from keys order by hash
    on conflict (email_hash) do update set erased_at = now()
  ), locked_reviews as (
    select n, review_id from keys join reviews on ${wrote('reviewer_email')}
    order by review_id for update of reviews
  ), locked_questions as (
    select n, question_id from keys join questions on ${wrote('asker_email')}
    where (select count(*) from locked_reviews) >= 0
    order by question_id for update of questions
  ), locked_answers as (
    select n, answer_id from keys join answers on ${wrote('answerer_email')}
    where (select count(*) from locked_questions) >= 0
    order by answer_id for update of answers
  ), erased_reviews as (
    update reviews set reviewer_name = 'Anonymous', reviewer_email = null
    from locked_reviews where reviews.review_id = locked_reviews.review_id
  ), erased_questions as (
    update questions set asker_name = 'Anonymous', asker_email = null
    from locked_questions where questions.question_id = locked_questions.question_id
  ), erased_answers as (
    update answers set answerer_name = 'Anonymous', answerer_email = null
    from locked_answers where answers.answer_id = locked_answers.answer_id
  )
  select n, json_build_object(
    'reviews', (select count(*) from locked_reviews where locked_reviews.n = keys.n),
    'questions', (select count(*) from locked_questions where locked_questions.n = keys.n),
    'answers', (select count(*) from locked_answers where locked_answers.n = keys.n)
  ) as answer
  from keys`

export const erasePerson = endpoint({
  method: 'post',
  path: '/moderation/erasures',
  access: 'admin',
  summary: 'Makes all that an e-mail address wrote anonymous: name and address go, texts stay',
  status: 200,
  input: z.object({ email }),
  output: Erased,
  failures: [invalidErasure],
  example: { email: 'spammer@mail.example' },
  invalidates: 'all',
  handle: (db, key) => db.run(erase, key),
})
