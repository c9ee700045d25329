import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { listReviews } from './listReviews.ts'
import { reportReview } from './reportReview.ts'

const fixture = useFixture()
const report = (review_id: string | number) => run(reportReview, fixture.db, { review_id })

test('takes the review out of the list, and stays so when it is reported again', async () => {
  const list = async () => JSON.stringify(await run(listReviews, fixture.db, { product_id: 1 }))
  const shown = '"review_id":2,'
  expect(await list()).toContain(shown)
  expect(await report('2')).toBeUndefined()
  expect(await list()).not.toContain(shown)
  expect(await report(2)).toBeUndefined()
  expect(await list()).not.toContain(shown)
})

test('fails for an id that names no review, and for what is no id', async () => {
  expect(await report(7)).toBe(unknownReview)
  expect(await report('undefined')).toMatchObject({ status: 404, text: 'Error: invalid review id provided' })
})
