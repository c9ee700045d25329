import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { listAnswers } from './listAnswers.ts'

const fixture = useFixture()
const answers = (input: object) => run(listAnswers, fixture.db, { question_id: '1', ...input })

test('lists the most helpful first, earlier ids first among equals, without reported ones', async () => {
  expect(await answers({})).toMatchObject({ results: [{ answer_id: 2 }, { answer_id: 1 }, { answer_id: 4 }] })
})

test('echoes page and count as numbers when they were put in, as text when they were supplied', async () => {
  expect(await answers({})).toMatchObject({ question: '1', page: 1, count: 5 })
  expect(await answers({ page: '1' })).toMatchObject({ page: '1', count: 5 })
  expect(await answers({ page: '0', count: '100' })).toMatchObject({ page: '0', count: '100' })
})

test('shows an answer with its photos as objects, put together or not', async () => {
  const shown = {
    question: '1',
    page: 1,
    count: '1',
    results: [
      {
        answer_id: 2,
        body: 'Not in August.',
        date: '2023-01-07T00:00:00.000Z',
        answerer_name: 'stoker',
        helpfulness: 4,
        photos: [
          { id: 1, url: 'https://photos.example/a1.jpg' },
          { id: 2, url: 'https://photos.example/a2.jpg' },
        ],
      },
    ],
  }
  expect(await answers({ count: '1' })).toEqual(shown)
  await fixture.sql`update answers set photos = null`
  expect(await answers({ count: '1' })).toEqual(shown)
})

test('pages, and is empty past the end', async () => {
  expect(await answers({ page: '2', count: '2' })).toMatchObject({ results: [{ answer_id: 4 }] })
  expect(await answers({ page: '3', count: '2' })).toMatchObject({ results: [] })
  expect(await answers({ count: '0' })).toMatchObject({ results: [] })
})

test('answers an unknown question with an empty list', async () => {
  expect(await answers({ question_id: 7 })).toEqual({ question: '7', page: 1, count: 5, results: [] })
})

test('fails for a question id that is none, and for a page that is none', async () => {
  expect(await answers({ question_id: 'undefined' })).toMatchObject({
    status: 404,
    text: 'Error: invalid question id provided',
  })
  expect(await answers({ page: '1e3' })).toMatchObject({ status: 422, text: 'Error: invalid page provided' })
})
