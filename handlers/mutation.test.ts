import { expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { cacheGroups, invalidatedGroups, respond, targetOfList } from './endpoint.ts'
import { endpoints } from './index.ts'
import { cacheGroup, type CacheId, Mutation } from './mutation.ts'

type Operation = keyof typeof endpoints

const fixture = useFixture()
const invalidatedBy = async (name: Operation, input: object = {}) => {
  const mutation = await respond(endpoints[name], fixture.db, { ...endpoints[name].example, ...input })
  return mutation instanceof Mutation ? invalidatedGroups(endpoints[name], mutation.row) : mutation
}

test.each([
  'addReview',
  'markReviewHelpful',
  'reportReview',
  'restoreReview',
  'removeReview',
  'respondToReview',
] as const)('%s invalidates what shows the reviews of the product', async (name) =>
  expect(await invalidatedBy(name)).toEqual(['product-1']),
)

test.each(['addQuestion', 'markQuestionHelpful', 'reportQuestion', 'restoreQuestion'] as const)(
  '%s invalidates what shows the questions of the product',
  async (name) => expect(await invalidatedBy(name)).toEqual(['product-1']),
)

test.each(['addAnswer', 'markAnswerHelpful', 'reportAnswer', 'restoreAnswer', 'removeAnswer'] as const)(
  '%s invalidates what shows the questions of the product, and the answers to its question',
  async (name) => expect(await invalidatedBy(name)).toEqual(['product-1', 'question-1']),
)

test('removeQuestion invalidates what shows the questions of the product, and the answers to it', async () =>
  expect(await invalidatedBy('removeQuestion')).toEqual(['product-1', 'question-3']))

test('erasePerson invalidates everything, as a person may have written anywhere', () =>
  expect(invalidatedGroups(endpoints.erasePerson, {})).toEqual(['all']))

test.each(['addToCart', 'recordInteraction'] as const)('%s invalidates nothing that others see', async (name) =>
  expect(await invalidatedBy(name)).toEqual([]),
)

test('an answer is cached by the id that it is read by, in whatever form that came, or for the whole shop', () => {
  expect(cacheGroups(endpoints.getReviewMeta, { product_id: '007' })).toEqual(['product-7'])
  expect(cacheGroups(endpoints.listAnswers, { question_id: 7, page: 2 })).toEqual(['question-7'])
  expect(cacheGroups(endpoints.listProducts, { page: 2 })).toEqual(['shop'])
  expect(cacheGroups(endpoints.getCart, { cart: 'f'.repeat(64) })).toEqual([])
})

test('what was added shows in a list of the row that it belongs to, and a vote adds nothing', () => {
  const row = { product_id: 7, question_id: 12, created_id: 1 }
  expect(targetOfList(endpoints.addAnswer, row)).toBe('/qa/questions/12/answers')
  expect(targetOfList(endpoints.addReview, row)).toBe('/reviews?product_id=7&sort=newest')
  expect(targetOfList(endpoints.addToCart, {})).toBe('/cart')
  expect(targetOfList(endpoints.markReviewHelpful, row)).toBeUndefined()
})

const writes = (Object.keys(endpoints) as Operation[]).filter(
  (name) => endpoints[name].method !== 'get' && name !== 'erasePerson',
)

test.each(writes)('%s invalidates every id of its row that answers are kept by', async (name) => {
  const mutation = await respond(endpoints[name], fixture.db, endpoints[name].example)
  if (!(mutation instanceof Mutation)) throw new Error(`${name} did not write`)
  const ids = (['product_id', 'question_id'] satisfies CacheId[]).filter((id) => mutation.row[id] !== undefined)
  expect(invalidatedGroups(endpoints[name], mutation.row)).toEqual(ids.map((id) => cacheGroup(id, mutation.row[id])))
})

test('names the product of the row, and not one that the caller might think of', async () => {
  const [review] = await fixture.sql`select review_id, product_id from reviews where product_id <> 1 limit 1`
  expect(await invalidatedBy('markReviewHelpful', review)).toEqual([`product-${review?.product_id}`])
})
