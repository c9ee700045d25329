import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownQuestion } from '../failure.ts'
import { listQuestions } from '../questions/listQuestions.ts'
import { addAnswer } from './addAnswer.ts'
import { listAnswers } from './listAnswers.ts'

const fixture = useFixture()
const add = (input: object) => run(addAnswer, fixture.db, { ...addAnswer.example, ...input })

test('shows the answer at once, by itself and with its question, dated today', async () => {
  expect(await add({ question_id: '2' })).toBe('Created')
  const shown = {
    body: 'Yes, sewn inside the left pocket.',
    date: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
    answerer_name: 'tailor',
    helpfulness: 0,
  }
  expect(await run(listAnswers, fixture.db, { question_id: 2 })).toMatchObject({
    results: [{ ...shown, photos: [{ url: 'https://photos.example/button.jpg' }] }],
  })
  const list = await run(listQuestions, fixture.db, { product_id: 1, count: 1 })
  expect('results' in list && Object.values(list.results[0]?.answers ?? {})).toMatchObject([
    { ...shown, photos: ['https://photos.example/button.jpg'] },
  ])
})

test('fails for a question that does not exist', async () => {
  expect(await add({ question_id: 7 })).toBe(unknownQuestion)
})

test('lists what is wrong behind the text, without a space, joined by commas', async () => {
  const wrong = 'Error: Answer body contains invalid entries'
  expect(await add({ name: '', email: 'nobody', photos: [1, 2] })).toMatchObject({
    status: 422,
    text: `${wrong}username text is required,email must be valid,photos must contain text urls`,
  })
  expect(await add({ name: undefined })).toMatchObject({ text: `${wrong}username text is required` })
  expect(await add({ body: undefined })).toMatchObject({ text: `${wrong}body text is required` })
  expect(await add({ photos: ['data:text/html,x'] })).toMatchObject({
    text: `${wrong}photos must contain text urls`,
  })
})

test('fails for a question id that is none before it looks at the body', async () => {
  expect(await add({ question_id: 'x', name: '' })).toMatchObject({
    status: 404,
    text: 'Error: invalid question id provided',
  })
})
