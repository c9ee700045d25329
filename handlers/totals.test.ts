import fc from 'fast-check'
import { expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { findInconsistent } from '../db/verify.ts'
import type { QuestionList } from './questions/listQuestions.ts'
import { call } from './test/call.ts'
import { cart, metaOf, productIds, readShop, type Row, type Shop } from './test/shop.ts'
import { anyWrites, type Write } from './test/writes.ts'

const fixture = useFixture()

/** The rows that a list shows, without their order. */
const shown = (rows: readonly Row[]) =>
  rows.filter(({ reported }) => !reported).map(({ id, helpfulness }) => ({ id, helpfulness }))

const listed = (list: unknown, id: string, helpfulness: string) =>
  (list as { results: Record<string, unknown>[] }).results
    .map((row) => ({ id: Number(row[id]), helpfulness: Number(row[helpfulness]) }))
    .toSorted((one, other) => one.id - other.id)

const mustShow = async ({ questions, answers, units, ...shop }: Shop): Promise<void> => {
  const everything = { page: 1, count: 5000 }
  for (const product_id of productIds) {
    const isOwn = (row: { product_id: number }) => row.product_id === product_id
    expect(await call(fixture.db, 'getReviewMeta', { product_id })).toEqual(
      metaOf({ questions, answers, units, ...shop }, product_id),
    )
    const list = await call(fixture.db, 'listReviews', { product_id, ...everything })
    expect(listed(list, 'review_id', 'helpfulness')).toEqual(shown(shop.reviews.filter(isOwn)))
    for (const count of [100, 5000]) {
      const asked = await call(fixture.db, 'listQuestions', { product_id, page: 1, count })
      expect(listed(asked, 'question_id', 'question_helpfulness')).toEqual(shown(questions.filter(isOwn)))
      for (const question of (asked as QuestionList).results)
        expect(listed({ results: Object.values(question.answers) }, 'id', 'helpfulness')).toEqual(
          shown(answers.filter(({ question_id }) => question_id === question.question_id)),
        )
    }
  }
  for (const { id } of questions) {
    const list = await call(fixture.db, 'listAnswers', { question_id: id, ...everything })
    expect(listed(list, 'answer_id', 'helpfulness')).toEqual(
      shown(answers.filter(({ question_id }) => question_id === id)),
    )
  }
  const held = Array.from(units, ([sku_id, count]) => ({ sku_id, count: String(count) }))
  expect(await call(fixture.db, 'getCart', { cart })).toEqual(held)
}

test('whatever is written, metas, lists and carts are what a recount of it gives', async () => {
  const property = async (writes: readonly Write[]): Promise<void> => {
    await fixture.sql`savepoint before`
    try {
      const shop = await readShop(fixture.sql)
      for (const write of writes) await write(shop, fixture.db, fixture.sql)
      expect(await findInconsistent(fixture.sql)).toEqual([])
      await mustShow(shop)
    } finally {
      await fixture.sql`rollback to savepoint before`
    }
  }
  await fc.assert(fc.asyncProperty(anyWrites, property), { numRuns: 25 })
})
