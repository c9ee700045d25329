import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { markReviewHelpful } from './markReviewHelpful.ts'

const fixture = useFixture()
const mark = (review_id: string | number) => run(markReviewHelpful, fixture.db, { review_id })

test('adds one, each time', async () => {
  const [before] = await fixture.sql`select helpfulness as helpfulness from reviews where review_id = 1`
  expect(await mark('1')).toBeUndefined()
  expect(await mark(1)).toBeUndefined()
  const [after] = await fixture.sql`select helpfulness as helpfulness from reviews where review_id = 1`
  expect(after?.helpfulness).toBe(before?.helpfulness + 2)
})

test('touches no other review', async () => {
  const others = () => fixture.sql`select review_id, helpfulness from reviews where review_id <> 1 order by review_id`
  const before = await others()
  await mark(1)
  expect(await others()).toEqual(before)
})

test('fails for an id that names no review, and for what is no id', async () => {
  expect(await mark(7)).toBe(unknownReview)
  expect(await mark('1e3')).toMatchObject({ status: 404, text: 'Error: invalid review id provided' })
})

test('stops counting at the largest int', async () => {
  await fixture.sql`update reviews set helpfulness = 2147483646 where review_id = 1`
  for (let times = 0; times < 3; times += 1) expect(await mark(1)).toBeUndefined()
  const [full] = await fixture.sql`select helpfulness as helpfulness from reviews where review_id = 1`
  expect(full?.helpfulness).toBe(2_147_483_647)
})
