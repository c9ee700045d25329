import fc from 'fast-check'
import { expect } from 'vitest'
import type { Sql } from '../../db/client.ts'
import type { Db } from '../database.ts'
import { unknownAnswer, unknownProduct, unknownQuestion, unknownReview, unknownSku } from '../failure.ts'
import { call } from './call.ts'
import { cart, characteristics, lastId, productIds, type Row, type Shop } from './shop.ts'

/** A write is done through its endpoint and, beside it, to the shop. */
export type Write = (shop: Shop, db: Db, sql: Sql) => Promise<void>

const missingId = 999
const fresh = { helpfulness: 0, reported: false }
const product_id = fc.constantFrom(...productIds, missingId)
const stars = fc.integer({ min: 1, max: 5 })
/** The place of a row in the list of all; one beyond it stands for no row. */
const place = fc.nat(5)

const addReview = fc
  .record({
    product_id,
    rating: stars,
    recommend: fc.boolean(),
    rated: fc.dictionary(fc.constantFrom('1', '2', '3', String(missingId)), stars),
  })
  .map(({ rated, ...review }): Write => async (shop, db, sql) => {
    const answer = await call(db, 'addReview', { ...review, characteristics: rated })
    if (review.product_id === missingId) return expect(answer).toBe(unknownProduct)
    expect(answer).toBe('Created')
    shop.reviews.push({ ...review, ...fresh, id: await lastId(sql, 'reviews') })
    for (const { id, product_id } of characteristics) {
      const value = rated[id]
      if (product_id === review.product_id && value) shop.ratings.push({ characteristic_id: id, value })
    }
  })

const addQuestion = product_id.map((product_id): Write => async (shop, db, sql) => {
  const answer = await call(db, 'addQuestion', { product_id })
  if (product_id === missingId) return expect(answer).toBe(unknownProduct)
  shop.questions.push({ ...fresh, product_id, id: await lastId(sql, 'questions') })
})

const addAnswer = place.map((place): Write => async (shop, db, sql) => {
  const question = shop.questions[place]
  const answer = await call(db, 'addAnswer', { question_id: question?.id ?? missingId })
  if (!question) return expect(answer).toBe(unknownQuestion)
  shop.answers.push({ ...fresh, question_id: question.id, id: await lastId(sql, 'answers') })
})

const addToCart = fc
  .record({ sku_id: fc.constantFrom(1, 3, missingId), count: fc.integer({ min: 1, max: 100 }) })
  .map(({ sku_id, count }): Write => async ({ units }, db) => {
    const answer = await call(db, 'addToCart', { cart, sku_id, count })
    if (sku_id === missingId) return expect(answer).toBe(unknownSku)
    units.set(sku_id, (units.get(sku_id) ?? 0) + count)
  })

const kinds = {
  Review: { rows: 'reviews', key: 'review_id', unknown: unknownReview },
  Question: { rows: 'questions', key: 'question_id', unknown: unknownQuestion },
  Answer: { rows: 'answers', key: 'answer_id', unknown: unknownAnswer },
} as const

/** Does one write to several rows, all asked for in one turn, so that they share a statement where such writes do. */
const toMany = (nameOf: (kind: keyof typeof kinds) => Parameters<typeof call>[1], change: (row: Row) => void) =>
  fc
    .record({
      kind: fc.constantFrom('Review', 'Question', 'Answer'),
      places: fc.array(place, { minLength: 1, maxLength: 6, size: 'max' }),
    })
    .map(({ kind, places }): Write => async (shop, db) => {
      const { rows, key, unknown } = kinds[kind]
      const named = places.map((place) => shop[rows][place])
      const answers = await Promise.all(named.map((row) => call(db, nameOf(kind), { [key]: row?.id ?? missingId })))
      expect(answers).toEqual(named.map((row) => (row ? undefined : unknown)))
      for (const row of named) if (row) change(row)
    })

const markHelpful = toMany(
  (kind) => `mark${kind}Helpful`,
  (row) => (row.helpfulness += 1),
)
const report = toMany(
  (kind) => `report${kind}`,
  (row) => (row.reported = true),
)

/** Any writes that the API offers. */
export const anyWrites = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: addReview },
    addQuestion,
    addAnswer,
    { weight: 2, arbitrary: addToCart },
    { weight: 3, arbitrary: markHelpful },
    report,
  ),
  { minLength: 1, maxLength: 20, size: 'max' },
)
