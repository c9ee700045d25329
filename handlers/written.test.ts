import { expect, test } from 'vitest'
import { useFixture } from '../db/test.ts'
import { respond } from './endpoint.ts'
import { endpoints } from './index.ts'
import { Written } from './written.ts'

const fixture = useFixture()
const changedBy = async (name: keyof typeof endpoints, input: object = {}) => {
  const written = await respond(endpoints[name], fixture.db, { ...endpoints[name].example, ...input })
  return written instanceof Written ? written.changed : written
}

test.each(['addReview', 'markReviewHelpful', 'reportReview'] as const)(
  '%s changes what shows the reviews of the product',
  async (name) => expect(await changedBy(name)).toEqual(['product:1']),
)

test.each(['addQuestion', 'markQuestionHelpful', 'reportQuestion'] as const)(
  '%s changes what shows the questions of the product',
  async (name) => expect(await changedBy(name)).toEqual(['product:1']),
)

test.each(['addAnswer', 'markAnswerHelpful', 'reportAnswer'] as const)(
  '%s changes what shows the questions of the product, and the answers to its question',
  async (name) => expect(await changedBy(name)).toEqual(['product:1', 'question:1']),
)

test.each(['addToCart', 'recordInteraction'] as const)('%s changes nothing that others see', async (name) =>
  expect(await changedBy(name)).toEqual([]),
)

test('names the product of the row, and not one that the caller might think of', async () => {
  const [review] = await fixture.sql`select review_id, product_id from reviews where product_id <> 1 limit 1`
  expect(await changedBy('markReviewHelpful', review)).toEqual([`product:${review?.product_id}`])
})
