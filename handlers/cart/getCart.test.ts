import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { addToCart } from './addToCart.ts'
import { getCart } from './getCart.ts'

const fixture = useFixture()
const first = getCart.example.cart
const nobody = 'f'.repeat(64)

test('sums the units of each sku as text, in the order the skus were put in, without what is inactive', async () => {
  expect(await run(getCart, fixture.db, { cart: first })).toEqual([
    { sku_id: 3, count: '3' },
    { sku_id: 1, count: '1' },
  ])
})

test('is empty for a cart that nobody filled', async () => {
  expect(await run(getCart, fixture.db, { cart: nobody })).toEqual([])
})

test('never shows what another caller put in', async () => {
  await run(addToCart, fixture.db, { cart: nobody, sku_id: 4 })
  expect(await run(getCart, fixture.db, { cart: nobody })).toEqual([{ sku_id: 4, count: '1' }])
  expect(await run(getCart, fixture.db, { cart: first })).not.toContainEqual(expect.objectContaining({ sku_id: 4 }))
})
