import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownAnswer } from '../failure.ts'
import { listAnswers } from './listAnswers.ts'
import { reportAnswer } from './reportAnswer.ts'

const fixture = useFixture()
const report = (answer_id: string | number) => run(reportAnswer, fixture.db, { answer_id })

test('takes the answer out of the list, and stays so when it is reported again', async () => {
  const list = async () => JSON.stringify(await run(listAnswers, fixture.db, { question_id: 1 }))
  const shown = '"answer_id":2,'
  expect(await list()).toContain(shown)
  expect(await report('2')).toBeUndefined()
  expect(await list()).not.toContain(shown)
  expect(await report(2)).toBeUndefined()
  expect(await list()).not.toContain(shown)
})

test('fails for an id that names no answer, and for what is no id', async () => {
  expect(await report(7)).toBe(unknownAnswer)
  expect(await report('undefined')).toMatchObject({ status: 404, text: 'Error: invalid answer id provided' })
})
