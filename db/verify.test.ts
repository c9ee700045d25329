import { expect, test } from 'vitest'
import { run } from '../handlers/endpoint.ts'
import { addReview } from '../handlers/reviews/addReview.ts'
import { useFixture } from './test/database.ts'
import { findInconsistent } from './verify.ts'

const fixture = useFixture()

test('finds nothing wrong in what was recounted, nor after reviews were added', async () => {
  expect(await findInconsistent(fixture.sql)).toEqual([])
  for (const product_id of [1, 3, 1]) await run(addReview, fixture.db, { ...addReview.example, product_id })
  expect(await findInconsistent(fixture.sql)).toEqual([])
})

test('finds a total that is off, one that lacks, and a rating that was not counted', async () => {
  await fixture.sql`update review_totals set ratings = '{1,1,1,1,1}' where product_id = 1`
  expect(await findInconsistent(fixture.sql)).toEqual([1])
  await fixture.sql`delete from review_totals where product_id = 1`
  expect(await findInconsistent(fixture.sql)).toEqual([1])
  await fixture.sql`update review_totals set totals = '{9}' where product_id = 4`
  expect(await findInconsistent(fixture.sql)).toEqual([1, 4])
  await fixture.sql`call rebuild_review_totals()`
  expect(await findInconsistent(fixture.sql)).toEqual([])
})

test('finds photos that are not those of the row, and none amiss where they are yet to be put together', async () => {
  await fixture.sql`update reviews set photos = '[]' where review_id = 2`
  await fixture.sql`insert into answer_photos (answer_id, product_id, url) values (4, 1, 'https://photos.example/a3.jpg')`
  await fixture.sql`update answers set product_id = 4 where answer_id = 4`
  expect(await findInconsistent(fixture.sql)).toEqual([1, 4])
  await fixture.sql`update reviews set photos = null`
  await fixture.sql`update answers set photos = null, photo_urls = null`
  expect(await findInconsistent(fixture.sql)).toEqual([])
})

test('finds a document that is not what its rows give', async () => {
  await fixture.sql`update skus set quantity = 99 where sku_id = 1`
  await fixture.sql`update products set name = 'Renamed' where product_id = 2`
  await fixture.sql`delete from product_documents where product_id = 8`
  expect(await findInconsistent(fixture.sql)).toEqual([1, 2, 8])
  await fixture.sql`call rebuild_product_documents()`
  expect(await findInconsistent(fixture.sql)).toEqual([])
})
