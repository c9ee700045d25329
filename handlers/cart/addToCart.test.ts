import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownSku } from '../failure.ts'
import { addToCart } from './addToCart.ts'
import { getCart } from './getCart.ts'

const fixture = useFixture()
const cart = 'e'.repeat(64)
const add = (input: { sku_id: string | number; count?: number }) => run(addToCart, fixture.db, { cart, ...input })

test('adds one unit a call, with the sku as a number or as digits', async () => {
  expect(await add({ sku_id: '1' })).toBe('Created')
  expect(await add({ sku_id: 1 })).toBe('Created')
  expect(await run(getCart, fixture.db, { cart })).toEqual([{ sku_id: 1, count: '2' }])
})

test('adds as many as count says, from 1 to 100', async () => {
  expect(await add({ sku_id: 2, count: 100 })).toBe('Created')
  expect(await run(getCart, fixture.db, { cart })).toEqual([{ sku_id: 2, count: '100' }])
  expect(await add({ sku_id: 2, count: 101 })).toMatchObject({ status: 422 })
  expect(await add({ sku_id: 2, count: 0 })).toMatchObject({ status: 422 })
})

test('fails for a sku that does not exist, and for what is no id', async () => {
  expect(await add({ sku_id: 7 })).toBe(unknownSku)
  expect(await add({ sku_id: 'null' })).toMatchObject({
    status: 422,
    text: 'Error: Cart body contains invalid entries',
    issues: [{ field: 'sku_id', reason: 'must be a whole number from 0 to 2147483647' }],
  })
})
