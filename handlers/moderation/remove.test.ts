import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { findInconsistent } from '../../db/verify.ts'
import { run } from '../endpoint.ts'
import { unknownAnswer, unknownQuestion, unknownReview } from '../failure.ts'
import { getReviewMeta } from '../reviews/getReviewMeta.ts'
import { removeAnswer } from './removeAnswer.ts'
import { removeQuestion } from './removeQuestion.ts'
import { removeReview } from './removeReview.ts'

const fixture = useFixture()
const idsOf = async (table: string, key: string) =>
  (await fixture.sql.unsafe<{ id: number }[]>(`select ${key} as id from ${table} order by 1`)).map(({ id }) => id)
const meta = (product_id: number) => run(getReviewMeta, fixture.db, { product_id })

test('a review leaves its totals, with its photos and ratings', async () => {
  expect(await run(removeReview, fixture.db, { review_id: 2 })).toBeUndefined()
  expect(await idsOf('reviews', 'review_id')).toEqual([1, 3, 4, 5, 6])
  expect(await idsOf('review_photos', 'photo_id')).toEqual([])
  expect(await idsOf('characteristic_reviews', 'characteristic_review_id')).toEqual([1, 3, 4])
  expect(await meta(1)).toMatchObject({
    ratings: { '1': '1', '4': '2', '5': '1' },
    recommended: { false: '1', true: '3' },
    characteristics: { Fit: { value: '3.5000000000000000' }, Quality: { value: '4.0000000000000000' } },
  })
  expect(await findInconsistent(fixture.sql)).toEqual([])
})

test('the last review of a product leaves totals of nothing', async () => {
  await fixture.sql`delete from characteristics where product_id = 4`
  await fixture.sql`call rebuild_review_totals()`
  await run(removeReview, fixture.db, { review_id: 6 })
  expect(await meta(4)).toEqual({ product_id: '4', ratings: {}, recommended: {}, characteristics: {} })
  expect(await findInconsistent(fixture.sql)).toEqual([])
})

test('a rating leaves the totals of the product that its characteristic belongs to', async () => {
  await fixture.sql`
    insert into characteristic_reviews (characteristic_id, review_id, product_id, value) values (3, 1, 1, 5)`
  await fixture.sql`call rebuild_review_totals()`
  await run(removeReview, fixture.db, { review_id: 1 })
  expect(await meta(4)).toMatchObject({ characteristics: { Width: { value: null } } })
  expect(await findInconsistent(fixture.sql)).toEqual([])
})

test('a question goes with its answers and their photos', async () => {
  expect(await run(removeQuestion, fixture.db, { question_id: 1 })).toBeUndefined()
  expect(await idsOf('questions', 'question_id')).toEqual([2, 3, 4])
  expect(await idsOf('answers', 'answer_id')).toEqual([])
  expect(await idsOf('answer_photos', 'photo_id')).toEqual([])
})

test('an answer goes with its photos', async () => {
  expect(await run(removeAnswer, fixture.db, { answer_id: 2 })).toBeUndefined()
  expect(await idsOf('answers', 'answer_id')).toEqual([1, 3, 4])
  expect(await idsOf('answer_photos', 'photo_id')).toEqual([])
})

test('what is removed is noted, for imports', async () => {
  await run(removeReview, fixture.db, { review_id: 2 })
  await run(removeQuestion, fixture.db, { question_id: 3 })
  await run(removeAnswer, fixture.db, { answer_id: 2 })
  expect(await fixture.sql`select name, id from removed_rows order by name`).toEqual([
    { name: 'answers', id: 2 },
    { name: 'questions', id: 3 },
    { name: 'reviews', id: 2 },
  ])
})

test('to remove fails for an id that names nothing, or nothing any more', async () => {
  for (const review_id of [999, 1]) await run(removeReview, fixture.db, { review_id })
  expect(await run(removeReview, fixture.db, { review_id: 1 })).toBe(unknownReview)
  expect(await run(removeQuestion, fixture.db, { question_id: 999 })).toBe(unknownQuestion)
  expect(await run(removeAnswer, fixture.db, { answer_id: 999 })).toBe(unknownAnswer)
})
