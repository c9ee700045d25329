import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Db } from './database.ts'
import { endpoint, respond, run } from './endpoint.ts'
import { unknownProduct } from './failure.ts'
import { id } from './fields.ts'
import { endpoints } from './index.ts'
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
    faults: [{ field: 'product_id', reason: 'must be a whole number from 0 to 2147483647' }],
  })
})

test('every path with a parameter has a failure for an id that is none, every body one for what it breaks', () => {
  for (const [name, { method, path, failures }] of Object.entries(endpoints)) {
    const statuses = failures.map((failure) => failure.status)
    if (path.includes(':')) expect(statuses, name).toContain(404)
    if (method === 'post') expect(statuses, name).toContain(422)
  }
})
