import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { listRelatedProducts } from './listRelatedProducts.ts'

const fixture = useFixture()
const related = (product_id: string | number) => run(listRelatedProducts, fixture.db, { product_id })

test('keeps the order, repeated ids and the product itself, and leaves out ids that name no product', async () => {
  expect(await related(1)).toEqual([2, 3, 2, 1, 8])
})

test('is empty for a product without related ones and for an unknown one', async () => {
  expect(await related(2)).toEqual([])
  expect(await related(7)).toEqual([])
})
