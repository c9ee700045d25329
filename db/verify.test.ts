import { expect, test } from 'vitest'
import { run } from '../handlers/endpoint.ts'
import { addReview } from '../handlers/reviews/addReview.ts'
import { useFixture } from './test.ts'
import { findWrongTotals } from './verify.ts'

const fixture = useFixture()

test('finds nothing wrong in what was recounted, nor after reviews were added', async () => {
  expect(await findWrongTotals(fixture.sql)).toEqual([])
  for (const product_id of [1, 3, 1]) await run(addReview, fixture.db, { ...addReview.example, product_id })
  expect(await findWrongTotals(fixture.sql)).toEqual([])
})

test('finds a total that is off, one that lacks, one too many, and a rating that was not counted', async () => {
  await fixture.sql`insert into review_totals values (2, 1, 0, 0, 0, 0, 1, 0)`
  expect(await findWrongTotals(fixture.sql)).toEqual([2])
  await fixture.sql`delete from review_totals where product_id = 1`
  expect(await findWrongTotals(fixture.sql)).toEqual([1, 2])
  await fixture.sql`update characteristics set total = total + 1 where product_id = 4`
  expect(await findWrongTotals(fixture.sql)).toEqual([1, 2, 4])
  await fixture.sql`call rebuild_review_totals()`
  expect(await findWrongTotals(fixture.sql)).toEqual([])
})
