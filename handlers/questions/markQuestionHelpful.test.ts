import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { markQuestionHelpful } from './markQuestionHelpful.ts'

const fixture = useFixture()
const mark = (question_id: string | number) => run(markQuestionHelpful, fixture.db, { question_id })

test('adds one, each time', async () => {
  const [before] = await fixture.sql`select question_helpfulness as helpfulness from questions where question_id = 1`
  expect(await mark('1')).toBeUndefined()
  expect(await mark(1)).toBeUndefined()
  const [after] = await fixture.sql`select question_helpfulness as helpfulness from questions where question_id = 1`
  expect(after?.helpfulness).toBe(before?.helpfulness + 2)
})

test('touches no other question', async () => {
  const others = () =>
    fixture.sql`select question_id, question_helpfulness from questions where question_id <> 1 order by question_id`
  const before = await others()
  await mark(1)
  expect(await others()).toEqual(before)
})

test('fails for an id that names no question, and for what is no id', async () => {
  expect(await mark(7)).toBe(unknownQuestion)
  expect(await mark('1e3')).toMatchObject({ status: 404, text: 'Error: invalid question id provided' })
})

test('stops counting at the largest int', async () => {
  await fixture.sql`update questions set question_helpfulness = 2147483646 where question_id = 1`
  for (let times = 0; times < 3; times += 1) expect(await mark(1)).toBeUndefined()
  const [full] = await fixture.sql`select question_helpfulness as helpfulness from questions where question_id = 1`
  expect(full?.helpfulness).toBe(2_147_483_647)
})
