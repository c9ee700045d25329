import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { listQuestions } from './listQuestions.ts'
import { reportQuestion } from './reportQuestion.ts'

const fixture = useFixture()
const report = (question_id: string | number) => run(reportQuestion, fixture.db, { question_id })

test('takes the question out of the list, and stays so when it is reported again', async () => {
  const list = async () => JSON.stringify(await run(listQuestions, fixture.db, { product_id: 1 }))
  const shown = '"question_id":2,'
  expect(await list()).toContain(shown)
  expect(await report('2')).toBeUndefined()
  expect(await list()).not.toContain(shown)
  expect(await report(2)).toBeUndefined()
  expect(await list()).not.toContain(shown)
})

test('fails for an id that names no question, and for what is no id', async () => {
  expect(await report(7)).toBe(unknownQuestion)
  expect(await report('undefined')).toMatchObject({ status: 404, text: 'Error: invalid question id provided' })
})
