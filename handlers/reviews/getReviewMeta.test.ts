import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { addReview } from './addReview.ts'
import { getReviewMeta } from './getReviewMeta.ts'

const fixture = useFixture()
const metaOf = (product_id: string | number) => run(getReviewMeta, fixture.db, { product_id })

test('counts all reviews of a product, reported ones too, as strings', async () => {
  expect(await metaOf(1)).toMatchObject({
    product_id: '1',
    ratings: { '1': '1', '2': '1', '4': '2', '5': '1' },
    recommended: { false: '2', true: '3' },
  })
})

test('averages each characteristic to sixteen decimals', async () => {
  expect(await metaOf(1)).toMatchObject({
    characteristics: {
      Fit: { id: 1, value: '3.3333333333333333' },
      Quality: { id: 2, value: '4.0000000000000000' },
    },
  })
})

test('rounds an average that does not end, up too', async () => {
  for (const value of [2, 3, 3])
    await run(addReview, fixture.db, { ...addReview.example, product_id: 4, characteristics: { '3': value } })
  expect(await metaOf(4)).toMatchObject({ characteristics: { Width: { value: '2.6666666666666667' } } })
})

test('leaves out what no review said, and gives null where none rated', async () => {
  expect(await metaOf(4)).toEqual({
    product_id: '4',
    ratings: { '3': '1' },
    recommended: { true: '1' },
    characteristics: { Width: { id: 3, value: null } },
  })
})

test('answers an unknown product with the same shape, empty', async () => {
  expect(await metaOf(7)).toEqual({ product_id: '7', ratings: {}, recommended: {}, characteristics: {} })
})
