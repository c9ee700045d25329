import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { listQuestions } from './listQuestions.ts'

const fixture = useFixture()
const questions = (input: object) => run(listQuestions, fixture.db, { product_id: '1', ...input })
const idsOf = async (input: object) => {
  const list = await questions(input)
  return 'results' in list ? list.results.map((question) => question.question_id) : list
}

test('lists the most helpful first, later ids first among equals, without reported ones', async () => {
  expect(await idsOf({})).toEqual([2, 4, 1])
})

test('pages', async () => {
  expect(await idsOf({ page: '2', count: '2' })).toEqual([1])
  expect(await idsOf({ page: '3', count: '2' })).toEqual([])
  expect(await idsOf({ count: '0' })).toEqual([])
})

test('shows a question with its answers by id, photos as bare URLs, without reported answers', async () => {
  const shown = {
    product_id: '1',
    results: [
      {
        question_id: 1,
        question_body: 'Does it breathe?',
        question_date: '2023-01-02T00:00:00.000Z',
        asker_name: 'rower',
        question_helpfulness: 2,
        reported: false,
        answers: {
          '1': {
            id: 1,
            body: 'A little.',
            date: '2023-01-06T00:00:00.000Z',
            answerer_name: 'Seller',
            helpfulness: 1,
            photos: [],
          },
          '2': {
            id: 2,
            body: 'Not in August.',
            date: '2023-01-07T00:00:00.000Z',
            answerer_name: 'stoker',
            helpfulness: 4,
            photos: ['https://photos.example/a1.jpg', 'https://photos.example/a2.jpg'],
          },
          '4': {
            id: 4,
            body: 'Enough.',
            date: '2023-01-09T00:00:00.000Z',
            answerer_name: 'mate',
            helpfulness: 1,
            photos: [],
          },
        },
      },
    ],
  }
  expect(await questions({ page: '3', count: '1' })).toEqual(shown)
  await fixture.sql`update answers set photo_urls = null`
  expect(await questions({ page: '3', count: '1' })).toEqual(shown)
})

test('gives a question without answers an empty object', async () => {
  expect(await questions({ count: '1' })).toMatchObject({ results: [{ question_id: 2, answers: {} }] })
})

test('is empty for a product without questions and for an unknown one', async () => {
  expect(await questions({ product_id: 3 })).toEqual({ product_id: '3', results: [] })
  expect(await questions({ product_id: 7 })).toEqual({ product_id: '7', results: [] })
})
