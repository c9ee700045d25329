import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { listReviews } from '../reviews/listReviews.ts'
import { respondToReview } from './respondToReview.ts'

const fixture = useFixture()
const respond = (review_id: number, response: string | null) =>
  run(respondToReview, fixture.db, { review_id, response })
const shown = async () => {
  const list = await run(listReviews, fixture.db, { product_id: 1, count: 1 })
  return 'results' in list ? list.results[0] : list
}

test('shows the response of the seller, replaces and clears it', async () => {
  for (const response of ['Wax it.', 'It "softens"\nwith wear, \\ and {time}.', 'null', null]) {
    expect(await respond(2, response)).toBeUndefined()
    expect(await shown()).toMatchObject({ review_id: 2, response })
  }
})

test('fails for an id that names no review, and for a response without text', async () => {
  expect(await respond(999, 'Wax it.')).toBe(unknownReview)
  expect(await respond(2, '')).toMatchObject({ status: 422, issues: [{ field: 'response' }] })
})
