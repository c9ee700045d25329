import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { addQuestion } from './addQuestion.ts'
import { listQuestions } from './listQuestions.ts'

const fixture = useFixture()
const ask = (input: object) => run(addQuestion, fixture.db, { ...addQuestion.example, ...input })

test('shows the question at once, dated today, without answers', async () => {
  expect(await ask({ product_id: '3' })).toBe('Created')
  expect(await run(listQuestions, fixture.db, { product_id: 3 })).toEqual({
    product_id: '3',
    results: [
      {
        question_id: expect.any(Number),
        question_body: 'Does it come with a spare button?',
        question_date: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
        asker_name: 'button_keeper',
        question_helpfulness: 0,
        reported: false,
        answers: {},
      },
    ],
  })
})

test('fails for a product that does not exist', async () => {
  expect(await ask({ product_id: 7 })).toBe(unknownProduct)
})

test.each([
  ['body', ''],
  ['body', undefined],
  ['name', 7],
  ['email', 'nobody@'],
  ['product_id', '0x10'],
])('refuses %s %j', async (field, value) => {
  expect(await ask({ [field]: value })).toMatchObject({
    status: 422,
    text: 'Error: Question body contains invalid entries',
    issues: [{ field }],
  })
})
