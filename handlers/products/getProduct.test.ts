import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { getProduct } from './getProduct.ts'

const fixture = useFixture()
const product = (product_id: string | number) => run(getProduct, fixture.db, { product_id })

test('ends in the features, in the order of their ids', async () => {
  const answer = await product('1')
  expect(answer).toMatchObject({ id: 1, campus: 'hr-rfp', default_price: '140.00' })
  expect(Object.entries(answer).at(-1)).toEqual([
    'features',
    [
      { feature: 'Fabric', value: 'Waxed cotton' },
      { feature: 'Buttons', value: 'Brass' },
    ],
  ])
})

test('keeps a feature without a value, and a product without features', async () => {
  expect(await product(2)).toMatchObject({ features: [{ feature: 'UV Protection', value: null }] })
  expect(await product(3)).toMatchObject({ features: [] })
})

test('shows a price of nine digits in full', async () => {
  expect(await product(4)).toMatchObject({ default_price: '500000000.00' })
})

test('fails for an id that names nothing', async () => {
  expect(await product(7)).toBe(unknownProduct)
})

test.each(['undefined', '-1', '1e3', '0x10', ' 5 ', '2147483648', '', null, [7], true])(
  'fails for %j, which is no id',
  async (id) => {
    expect(await product(id as string)).toMatchObject({ status: 404, code: 'unknown_product' })
  },
)
