import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApp } from '../router/app.ts'
import { endpoints } from '../handlers/index.ts'
import { connect, type Database } from './connect.ts'
import { createDatabase, fixtureFile, refill, type TestDatabase } from './test/database.ts'

let own: TestDatabase
let nodes: Database[]
let apps: ReturnType<typeof createApp>[]
beforeAll(async () => {
  own = await createDatabase()
  nodes = [connect(own.url), connect(own.url)]
  apps = nodes.map(({ db }) => createApp(endpoints, db))
})
beforeEach(() => refill(own.sql, fixtureFile))
afterAll(async () => {
  await Promise.all(nodes.map(({ end }) => end()))
  await own.drop()
})

/** Sends a write, again while the node is busy, as a client does that has a key. */
const send = async (node: number, key: string, path: string, body?: object): Promise<Response> => {
  const response = await apps[node % 2]!.request(path, {
    method: body ? 'POST' : 'PUT',
    ...(body && { body: JSON.stringify(body) }),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
  })
  return response.status === 503 ? send(node, key, path, body) : response
}
const question = { product_id: 1, body: 'Why?', name: 'pilot', email: 'pilot@mail.example' }
const count = async (table: string): Promise<number> =>
  Number((await own.sql.unsafe(`select count(*) from ${table}`))[0]?.count)
const numbers = (length: number) => Array.from({ length }, (_, index) => index)

/** The statuses of responses, each with how many replays are among them. */
const tally = (responses: readonly Response[]) => ({
  statuses: [...new Set(responses.map(({ status }) => status))],
  replays: responses.filter(({ headers }) => headers.has('idempotent-replayed')).length,
})

test('1000 twins at once, at two nodes, make one row', async () => {
  const before = await count('questions')
  const responses = await Promise.all(numbers(1000).map((node) => send(node, 'twin', '/qa/questions', question)))
  expect(tally(responses)).toEqual({ statuses: [201], replays: 999 })
  expect(await count('questions')).toBe(before + 1)
})

test('votes of many keys at once, each sent to both nodes, count once each', async () => {
  const helpfulness = async () =>
    (await own.sql<{ helpfulness: number }[]>`select helpfulness from reviews where review_id = 1`)[0]?.helpfulness ?? 0
  const before = await helpfulness()
  const keys = numbers(200).map((key) => `vote-${key}`)
  const responses = await Promise.all(
    numbers(400).map((index) => send(Math.floor(index / 200), keys[index % 200]!, '/reviews/1/helpful')),
  )
  expect(tally(responses)).toEqual({ statuses: [204], replays: 200 })
  expect(await helpfulness()).toBe(before + 200)
})

test('what one key meets does not touch the others of its batch', async () => {
  await send(0, 'used', '/reviews/1/helpful')
  const responses = await Promise.all([
    send(0, 'used', '/reviews/2/helpful'),
    send(0, 'unknown', '/reviews/999999/helpful'),
    ...numbers(20).map((key) => send(0, `new-${key}`, '/reviews/2/helpful')),
    send(0, 'used', '/reviews/1/helpful'),
  ])
  expect(responses.map(({ status }) => status)).toEqual([422, 404, ...numbers(20).map(() => 204), 204])
})

test('keys older than a day are deleted, two for each that is new, and no younger one', async () => {
  await own.sql`
    insert into idempotency_keys (idempotency_key, fingerprint, created_at)
    select 'old-' || n, '', now() - interval '24 hours 1 second' from generate_series(1, 5) n
    union all select 'young', '', now() - interval '23 hours 59 minutes'`
  for (const [key, left] of [
    ['a', 3],
    ['b', 1],
    ['c', 0],
    ['d', 0],
  ] as const) {
    await send(0, key, '/reviews/1/helpful')
    expect(await count("idempotency_keys where idempotency_key like 'old-%'")).toBe(left)
  }
  expect(await count('idempotency_keys')).toBe(5)
})
