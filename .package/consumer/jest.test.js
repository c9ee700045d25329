import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { endpoints, run } from 'atelierx'
import { createTestDb, stub } from 'atelierx/testing'

const { addReview, getReviewMeta } = endpoints

let shop
beforeAll(async () => {
  shop = await createTestDb()
}, 60_000)
afterEach(() => shop.rollback())
afterAll(() => shop.close())

test.each([1, 2])('a database in process finds the shop as it was (%i)', async () => {
  expect(await run(addReview, shop.db, { ...addReview.example, product_id: 3 })).toBe('Created')
  expect(await run(getReviewMeta, shop.db, { product_id: 3 })).toMatchObject({ ratings: { 4: '1' } })
})

test('a stub refuses what it does not expect', async () => {
  await expect(run(getReviewMeta, stub(), { product_id: 1 })).rejects.toThrow('It has no answers at all.')
})
