import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { listProducts } from './listProducts.ts'

const fixture = useFixture()
const idsOf = async (input: object) => {
  const products = await run(listProducts, fixture.db, input)
  return Array.isArray(products) ? products.map((product) => product.id) : products
}

test('lists five products by id when nothing else is asked for', async () => {
  expect(await idsOf({})).toEqual([1, 2, 3, 4, 5])
})

test('goes on where the page before ended', async () => {
  expect(await idsOf({ page: '2', count: '3' })).toEqual([4, 5, 6])
  expect(await idsOf({ page: '3', count: '3' })).toEqual([8])
})

test('takes page 0 for page 1', async () => {
  expect(await idsOf({ page: '0', count: '2' })).toEqual([1, 2])
})

test('is empty past the end, for a count of 0, and beyond the first million', async () => {
  expect(await idsOf({ page: '9' })).toEqual([])
  expect(await idsOf({ count: '0' })).toEqual([])
  expect(await idsOf({ page: '2147483647', count: '2147483647' })).toEqual([])
})

test('shows prices with two decimals, the moment of import, and the campus that was asked', async () => {
  expect(await run(listProducts, fixture.db, { count: 1, campus: 'hrnyc' })).toEqual([
    {
      id: 1,
      campus: 'hrnyc',
      name: 'Harbour Parka',
      slogan: 'Rain is only weather',
      description: 'Waxed cotton, taped seams and a hood that stays up.',
      category: 'Jackets',
      default_price: '140.00',
      created_at: '2024-03-05T06:07:08.009Z',
      updated_at: '2024-03-05T06:07:08.009Z',
    },
  ])
})
