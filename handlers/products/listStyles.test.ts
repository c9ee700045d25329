import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { respond, run } from '../endpoint.ts'
import { listStyles } from './listStyles.ts'

const fixture = useFixture()
const styles = (product_id: string | number) => run(listStyles, fixture.db, { product_id })

test('gives each style, by id, its prices, photos and skus, these in the order of their files', async () => {
  const answer = await styles(1)
  expect(answer).toMatchObject({ product_id: '1' })
  expect('results' in answer && answer.results[0]).toEqual({
    style_id: 1,
    name: 'Tar Black',
    original_price: '140.00',
    sale_price: null,
    'default?': true,
    photos: [
      { thumbnail_url: 'uhttps://photos.example/2-small.jpg', url: 'https://photos.example/2.jpg' },
      { thumbnail_url: 'https://photos.example/1-small.jpg', url: 'https://photos.example/1.jpg' },
    ],
    skus: {
      '1': { quantity: 8, size: 'S' },
      '2': { quantity: 15, size: 'XL' },
      '3': { quantity: 4, size: 'XL' },
    },
  })
})

test('puts nulls where a style has no photos or no skus', async () => {
  expect(await styles(4)).toMatchObject({
    results: [
      { 'default?': false, skus: { null: { quantity: null, size: null } } },
      { 'default?': false, photos: [{ thumbnail_url: null, url: null }], skus: { '4': { quantity: 0, size: '9' } } },
    ],
  })
})

test('shows a sale price with two decimals', async () => {
  expect(await styles(1)).toMatchObject({ results: [{}, { original_price: '140.00', sale_price: '100.00' }] })
})

test('is empty for a product without styles and for an unknown one', async () => {
  expect(await styles(3)).toEqual({ product_id: '3', results: [] })
  expect(await styles(7)).toEqual({ product_id: '7', results: [] })
})

test('writes skus in the order of their file too, which a JSON object of ids does not show to every reader', async () => {
  const text = await respond(listStyles, fixture.db, { product_id: 1 })
  expect(text).toMatch(/"1" : .*"3" : .*"2" : /)
})
