import { expect, test } from 'vitest'
import { useFixture } from '../../db/test/database.ts'
import { run } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { addReview } from './addReview.ts'
import { getReviewMeta } from './getReviewMeta.ts'
import { listReviews } from './listReviews.ts'

const fixture = useFixture()
const add = (input: object) => run(addReview, fixture.db, { ...addReview.example, ...input })
const newest = async () => {
  const list = await run(listReviews, fixture.db, { product_id: 1, sort: 'newest', count: 1 })
  return 'results' in list ? list.results[0] : list
}

test('shows the review at once, dated today, without help or report', async () => {
  expect(await add({})).toBe('Created')
  expect(await newest()).toMatchObject({
    rating: 4,
    summary: 'Warm and light',
    recommend: true,
    response: null,
    date: `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`,
    reviewer_name: 'pier_walker',
    helpfulness: 0,
    photos: [{ url: 'https://photos.example/pier.jpg' }],
  })
})

test('counts the review and its ratings in the meta at once', async () => {
  await add({ rating: 5, characteristics: { '1': 5, '2': '1' } })
  expect(await run(getReviewMeta, fixture.db, { product_id: 1 })).toMatchObject({
    ratings: { '5': '2' },
    recommended: { true: '4' },
    characteristics: { Fit: { value: '3.7500000000000000' }, Quality: { value: '3.0000000000000000' } },
  })
})

test('keeps the order of photos', async () => {
  const photos = ['c', 'a', 'b'].map((name) => `https://photos.example/${name}.jpg`)
  await add({ photos })
  expect(await newest()).toMatchObject({ photos: photos.map((url) => ({ url })) })
})

test('stores text to the letter', async () => {
  const body = `"quoted", {braces}, back\\slash, 'apostrophe', new\nline, null, \u{1F9E5}`
  await add({ body, summary: '' })
  expect(await newest()).toMatchObject({ body, summary: '' })
})

test('accepts numbers as digit strings, and a review without photos or ratings', async () => {
  const { photos: _, characteristics: __, ...bare } = addReview.example
  expect(await run(addReview, fixture.db, { ...bare, product_id: '1', rating: '3' })).toBe('Created')
  expect(await newest()).toMatchObject({ rating: 3, photos: [] })
})

test.each([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
])('takes %j for recommend, and shows %j', async (recommend, shown) => {
  expect(await add({ recommend })).toBe('Created')
  expect(await newest()).toMatchObject({ recommend: shown })
})

test('says that a key of characteristics is no id', async () => {
  expect(await add({ characteristics: { Fit: 3 } })).toMatchObject({
    issues: [{ field: 'characteristics.Fit', reason: 'is no characteristic id' }],
  })
  expect(await add({ characteristics: 'Fit' })).toMatchObject({
    issues: [{ field: 'characteristics', reason: 'Invalid input: expected record, received string' }],
  })
})

test('leaves out ratings of characteristics that are not the product’s, whatever their ids, and stores the rest', async () => {
  const foreign = { '3': 1, '999': 2, '2147483648': 3, '9999999999': 3, [`1${'0'.repeat(400)}`]: 4, '0': 5, '01': 2 }
  expect(await add({ characteristics: { '1': 5, ...foreign } })).toBe('Created')
  const rows = await fixture.sql`select characteristic_id, value from characteristic_reviews where review_id >= 1000`
  expect(rows).toEqual([{ characteristic_id: 1, value: 5 }])
})

test('fails for a product that does not exist, and stores nothing', async () => {
  expect(await add({ product_id: 7 })).toBe(unknownProduct)
  expect(await fixture.sql`select from reviews where review_id >= 1000`).toHaveLength(0)
})

test.each([
  ['rating', 6],
  ['rating', 0],
  ['rating', '4.5'],
  ['body', ''],
  ['body', 'NUL \0'],
  ['summary', 'half of a pair \uD83E'],
  ['summary', 'x'.repeat(1001)],
  ['recommend', 'yes'],
  ['name', undefined],
  ['email', 'nobody'],
  ['recommend', 1],
  ['recommend', 'True'],
  ['photos', ['javascript:alert(1)']],
  ['photos', ['']],
  ['photos', 'https://photos.example/a.jpg'],
  ['characteristics', { '1': 6 }],
  ['characteristics', { fit: 3 }],
  ['characteristics', { '1': 4, '': 3 }],
  ['characteristics', { '-1': 3 }],
  ['product_id', undefined],
])('refuses %s %j and says so', async (field, value) => {
  const answer = await add({ [field]: value })
  expect(answer).toMatchObject({ status: 422, text: 'Error: Review body contains invalid entries' })
  expect(answer).toHaveProperty('issues.0.field', expect.stringMatching(new RegExp(`^${field}`)))
})
