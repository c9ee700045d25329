import { expect, test } from 'vitest'
import { withoutAdmin } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { buildRequests, operations, pickOperations } from './operations.ts'

const ids = { products: [7], pages: [3], questions: [8], reviews: [9], answers: [10], skus: [11] }
const pathsOf = (pick: string) =>
  pickOperations(pick).flatMap((operation) => buildRequests(operation, ids).map(({ path }) => path))

test('asks every endpoint that anyone may call, with ids in its path, query or body', () => {
  expect(new Set(operations.map(({ id }) => id))).toEqual(new Set(Object.keys(withoutAdmin(endpoints))))
  expect(pathsOf('getProduct,getReviewMeta,addAnswer,listProducts')).toEqual([
    '/products?page=3',
    '/products/7',
    '/reviews/meta?product_id=7',
    '/qa/questions/8/answers',
  ])
  const [added] = pickOperations('addToCart')
  expect(added && buildRequests(added, ids)).toEqual([{ method: 'POST', path: '/cart', body: '{"sku_id":11}' }])
  const [marked] = pickOperations('markReviewHelpful')
  expect(marked && buildRequests(marked, ids)).toEqual([{ method: 'PUT', path: '/reviews/9/helpful' }])
})

test('tells several ways to ask one endpoint apart', () => {
  expect(pickOperations('listReviews').map(({ name }) => name)).toEqual([
    'listReviews newest',
    'listReviews helpful',
    'listReviews relevant',
  ])
  expect(pathsOf('listReviews newest')).toEqual(['/reviews?product_id=7&sort=newest'])
})

test('measures reads and what leaves the shop as it is, unless others are picked', () => {
  const names = pickOperations('').map(({ id }) => id)
  expect(names).toEqual(expect.arrayContaining(['getCart', 'listQuestions', 'markAnswerHelpful', 'addToCart']))
  expect(names).not.toContain('reportReview')
  expect(pickOperations('reportReview')).toHaveLength(1)
  expect(() => pickOperations('getAll')).toThrow(/^--pick getAll leaves nothing of listProducts, /)
})
