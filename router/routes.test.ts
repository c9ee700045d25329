import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Db } from '../handlers/database.ts'
import { endpoint, type Endpoint } from '../handlers/endpoint.ts'
import { unknownReview } from '../handlers/failure.ts'
import { id } from '../handlers/fields.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'
import { buildRequest } from './test/buildRequest.ts'

const db: Db = { get: () => Promise.reject(new Error()), run: () => Promise.reject(new Error()) }

/** The name of the endpoint that answers where each one's own example leads. */
const reached = async (all: Readonly<Record<string, Endpoint>>) => {
  let name = ''
  const named = Object.entries(all).map(([own, endpoint]): [string, Endpoint] => [
    own,
    { ...endpoint, input: z.looseObject({}), handle: async () => ((name = own), unknownReview) },
  ])
  const app = createApp(Object.fromEntries(named), db, { admin: { token: 'admin-token', db } })
  const found: Record<string, string> = {}
  for (const [own, endpoint] of Object.entries(all)) {
    const { path, ...init } = buildRequest(endpoint)
    await app.request(path, { ...init, headers: { authorization: 'admin-token' } })
    found[own] = name
  }
  return found
}
const itself = (all: object) => Object.fromEntries(Object.keys(all).map((name) => [name, name]))

test('every endpoint is reached by its own example', async () => {
  expect(await reached(endpoints)).toEqual(itself(endpoints))
})

const getReview = endpoint({
  method: 'get',
  path: '/reviews/:review_id',
  summary: 'A review',
  status: 200,
  input: z.object({ review_id: id }),
  output: z.int(),
  failures: [unknownReview],
  example: { review_id: 1 },
  handle: async () => 1,
})

test('an endpoint that is listed before those of longer addresses, or of words, answers for none of them', async () => {
  const others = Object.entries<Endpoint>(endpoints).filter(([, { path }]) => path !== getReview.path)
  const all = { getReview, ...Object.fromEntries(others) }
  expect(await reached(all)).toEqual(itself(all))
})

test('two endpoints of one address are refused by name', () => {
  const getOpinion = { ...getReview, path: '/reviews/:opinion_id' }
  expect(() => createApp({ ...endpoints, getReview, getOpinion }, db)).toThrow(
    'getOpinion is never reached, as getReview has its address (GET /reviews/:).',
  )
})
