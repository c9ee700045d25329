import { expect, test } from 'vitest'
import * as z from 'zod'
import { type Db, Unavailable } from './database.ts'
import { endpoint, respond, run } from './endpoint.ts'
import { Failure, unknownProduct } from './failure.ts'
import { id, NoContent, requiredText } from './fields.ts'
import { endpoints } from './index.ts'
import { done } from './mutation.ts'
import { getReviewMeta } from './reviews/getReviewMeta.ts'

// All that a handler needs of a database, in a test without one.
const answering = (text: string): Db => ({ get: async () => text, run: async () => JSON.parse(text) })

test('a handler runs on anything that answers, a string at hand included', async () => {
  const meta = { product_id: '1', ratings: {}, recommended: {}, characteristics: {} }
  expect(await run(getReviewMeta, answering(JSON.stringify(meta)), { product_id: '1' })).toEqual(meta)
})

test('the text of a lookup reaches the wire as it is', async () => {
  expect(await respond(getReviewMeta, answering('{ "as" : "it is" }'), { product_id: 1 })).toBe('{ "as" : "it is" }')
})

test('a value that a handler makes itself reaches the wire as JSON', async () => {
  const own = endpoint({
    method: 'get',
    path: '/own/:product_id',
    summary: 'Makes its own answer',
    status: 200,
    input: z.object({ product_id: id }),
    output: z.object({ twice: z.int() }),
    failures: [unknownProduct],
    example: { product_id: 1 },
    handle: async (_db, { product_id }) => ({ twice: product_id * 2 }),
  })
  expect(await respond(own, answering(''), { product_id: '21' })).toBe('{"twice":42}')
  expect(await run(own, answering(''), { product_id: '21' })).toEqual({ twice: 42 })
})

test('says which field of an input was wrong, and why', async () => {
  expect(await run(getReviewMeta, answering(''), { product_id: '1e3' })).toMatchObject({
    code: 'invalid_parameter',
    issues: [{ field: 'product_id', reason: 'must be a whole number from 0 to 2147483647' }],
  })
})

test('an id in the path that is none is told before what else is wrong', async () => {
  const rename = endpoint({
    method: 'put',
    path: '/products/:product_id',
    summary: 'Names a product',
    status: 204,
    input: z.object({ name: requiredText('name', 10), product_id: id }),
    output: NoContent,
    failures: [unknownProduct],
    example: { name: 'Parka', product_id: 1 },
    handle: async () => done({}),
  })
  expect(await run(rename, answering(''), { name: '', product_id: 'x' })).toMatchObject({
    code: 'unknown_product',
    issues: [{ field: 'name' }, { field: 'product_id' }],
  })
  expect(await run(rename, answering(''), { name: '', product_id: '1' })).toMatchObject({
    text: 'Error: invalid name provided',
  })
})

test.each([null, undefined, 'product_id', 7])('what is no object, such as %j, is refused as a whole', async (input) => {
  expect(await respond(getReviewMeta, answering(''), input)).toMatchObject({
    text: 'Error: invalid input provided',
    issues: [{ field: '' }],
  })
})

test('a failure that finds fault with no field lists none', () => {
  expect(new Failure('gone', 410, 'Error: gone').issues).toEqual([])
})

test('an outage is called one in a log', () => {
  expect(String(new Unavailable('The database is busy.'))).toBe('Unavailable: The database is busy.')
})

const review = { ...endpoints.addReview.example, photos: [] }
const issuesOf = async (name: 'addReview' | 'addAnswer', input: object) => {
  const answer = await respond(endpoints[name], answering('{}'), { ...endpoints[name].example, ...input })
  return (answer as { issues?: { field: string; reason: string }[] }).issues
}
const entries = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), value]))

test.each([
  ['objects', { characteristics: entries(5600, 9) }, 'characteristics must have at most 100 entries'],
  ['lists', { photos: Array.from({ length: 5600 }, () => 7) }, 'photos must have at most 100 entries'],
  [
    'objects with long keys',
    { characteristics: { ['1'.repeat(60_000)]: 1 } },
    'characteristics must have keys of at most 500 characters',
  ],
])('large %s are refused before any of their entries is looked at', async (_name, input, reason) => {
  expect(await issuesOf('addReview', { ...review, ...input })).toEqual([{ field: Object.keys(input)[0], reason }])
})

test('lists, objects and keys may be as large as they are refused above', async () => {
  const characteristics = { ...entries(99, 5), ['1'.repeat(500)]: 1 }
  expect(await issuesOf('addReview', { ...review, characteristics })).toBeUndefined()
  expect(await issuesOf('addReview', { ...review, characteristics: { ['1'.repeat(501)]: 1 } })).toHaveLength(1)
  expect(await issuesOf('addReview', { ...review, photos: Array.from({ length: 100 }, () => 'p') })).toEqual([
    { field: 'photos', reason: 'photos must be at most 50' },
  ])
})

test('a failure lists no more than twenty issues', async () => {
  expect(await issuesOf('addReview', { ...review, characteristics: entries(100, 9) })).toHaveLength(20)
})

test('photos are bounded together, at more than five of the longest', async () => {
  const photos = (count: number) => Array.from({ length: count }, () => 'p'.repeat(2048))
  for (const name of ['addReview', 'addAnswer'] as const) {
    expect(await issuesOf(name, { photos: photos(5) })).toBeUndefined()
    expect(await issuesOf(name, { photos: photos(6) })).toEqual([
      { field: 'photos', reason: 'photos must have at most 10240 characters together' },
    ])
  }
})

test('every path with a parameter has a failure for an id that is none, every body one for what it breaks', () => {
  for (const [name, { method, path, failures }] of Object.entries(endpoints)) {
    const statuses = failures.map((failure) => failure.status)
    if (path.includes(':')) expect(statuses, name).toContain(404)
    if (method === 'post') expect(statuses, name).toContain(422)
  }
})
