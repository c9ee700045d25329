import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { listReviews } from './listReviews.ts'

const fixture = useFixture()
const reviews = (input: object) => run(listReviews, fixture.db, { product_id: '1', ...input })
const idsOf = async (input: object) => {
  const list = await reviews(input)
  return 'results' in list ? list.results.map((review) => review.review_id) : list
}

test('sorts by date for newest, later ids first within a day', async () => {
  expect(await idsOf({ sort: 'newest' })).toEqual([2, 5, 3, 1])
})

test('sorts by helpfulness and then by date for helpful and relevant, which is the default and any unknown sort', async () => {
  await fixture.sql`update reviews set date = '2023-05-01' where review_id = 1`
  for (const sort of ['helpful', 'relevant', 'oldest', undefined]) expect(await idsOf({ sort })).toEqual([2, 1, 5, 3])
})

test('leaves out reported reviews', async () => {
  expect(await idsOf({ count: 5000 })).not.toContain(4)
})

test('shows a review with the answer of the seller and its photos, put together or not', async () => {
  const shown = {
    product: '1',
    page: 0,
    count: 1,
    results: [
      {
        review_id: 2,
        rating: 2,
        summary: 'Stiff',
        recommend: false,
        response: 'It softens with wear.',
        body: 'Stiff in the cold.',
        date: '2023-03-01T00:00:00.000Z',
        reviewer_name: 'skipper',
        helpfulness: 7,
        photos: [
          { id: 1, url: 'https://photos.example/r1.jpg' },
          { id: 2, url: 'https://photos.example/r2.jpg' },
        ],
      },
    ],
  }
  expect(await reviews({ count: '1' })).toEqual(shown)
  await fixture.sql`update reviews set photos = null`
  expect(await reviews({ count: '1' })).toEqual(shown)
})

test('echoes the offset as page and what was asked for as count', async () => {
  expect(await reviews({ page: '2', count: '3' })).toMatchObject({ page: 3, count: 3, results: [{ review_id: 1 }] })
  expect(await reviews({ page: '4', count: '20' })).toMatchObject({ page: 60, count: 20, results: [] })
  expect(await reviews({ page: '2147483647', count: '2147483647' })).toMatchObject({ count: 2147483647, results: [] })
})

test('answers an unknown product with an empty list', async () => {
  expect(await reviews({ product_id: 7 })).toEqual({ product: '7', page: 0, count: 5, results: [] })
})

test('fails without a product_id', async () => {
  expect(await reviews({ product_id: undefined })).toMatchObject({
    status: 422,
    text: 'Error: invalid product_id provided',
  })
})
