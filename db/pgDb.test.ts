import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Endpoint, respond } from '../handlers/endpoint.ts'
import { Unavailable } from '../handlers/database.ts'
import { Failure } from '../handlers/failure.ts'
import { endpoints } from '../handlers/index.ts'
import { database } from './connect.ts'
import { createDatabase, type TestDatabase } from './test/database.ts'
import { pgDb } from './test/pgDb.ts'

let own: TestDatabase
let pool: Pool
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
  pool = new Pool({ connectionString: own.url, max: 2 })
})
afterAll(async () => {
  await pool.end()
  await own.drop()
})

const reads = Object.entries(endpoints).filter(([, { method }]) => method === 'get')
const writes = Object.entries(endpoints).filter(([, { method }]) => method !== 'get')

test.each(reads)('%s answers over pg as over postgres.js', async (_name, endpoint) => {
  for (const more of [{}, { product_id: 999 }, { count: 5000 }]) {
    const input = { ...endpoint.example, ...more }
    const [answer, ours] = await Promise.all(
      [pgDb(pool), database(own.sql)].map((db) => respond(endpoint as Endpoint, db, input)),
    )
    expect(answer).toEqual(ours)
  }
})

test.each(writes)('%s writes over pg', async (_name, endpoint) => {
  const answer = await respond(endpoint, pgDb(pool), endpoint.example)
  expect(answer).not.toBeInstanceOf(Failure)
})

test('a database that is away is unavailable', async () => {
  const away = new Pool({ connectionString: 'postgres://127.0.0.1:1/nothing' })
  const { getReviewMeta } = endpoints
  await expect(getReviewMeta.handle(pgDb(away), { product_id: 1 })).rejects.toBeInstanceOf(Unavailable)
  await away.end()
})
