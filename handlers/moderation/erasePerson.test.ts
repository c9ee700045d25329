import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { erasePerson } from './erasePerson.ts'

const fixture = useFixture()
const erase = (email: string) => run(erasePerson, fixture.db, { email })

test('makes all that an address wrote anonymous, in any case, and leaves the texts', async () => {
  await fixture.sql`update answers set answerer_email = 'Spammer@Mail.Example' where answer_id = 3`
  expect(await erase('SPAMMER@mail.example')).toEqual({ reviews: 1, questions: 1, answers: 1 })
  expect(await fixture.sql`select reviewer_name, reviewer_email, body from reviews where review_id = 4`).toEqual([
    { reviewer_name: 'Anonymous', reviewer_email: null, body: 'Buy my boat.' },
  ])
  expect(await fixture.sql`select asker_name, asker_email from questions where question_id = 3`).toEqual([
    { asker_name: 'Anonymous', asker_email: null },
  ])
  expect(await fixture.sql`select answerer_name, answerer_email from answers where answer_id = 3`).toEqual([
    { answerer_name: 'Anonymous', answerer_email: null },
  ])
  const [others] = await fixture.sql`
    select (select count(*)::int from reviews where reviewer_email is null) as reviews,
      (select count(*)::int from questions where asker_email is null) as questions`
  expect(others).toEqual({ reviews: 1, questions: 1 })
})

test('keeps no address, only its hash, and counts nothing the second time', async () => {
  for (let times = 0; times < 2; times += 1) await erase('skipper@mail.example')
  expect(await erase('skipper@mail.example')).toEqual({ reviews: 0, questions: 0, answers: 0 })
  expect(await fixture.sql`select email_hash::text from erased_emails`).toEqual(
    await fixture.sql`select hashtextextended('skipper@mail.example', 0)::text as email_hash`,
  )
})

test('refuses what is no address', async () => {
  expect(await erase('nobody')).toMatchObject({ status: 422, issues: [{ field: 'email' }] })
})
