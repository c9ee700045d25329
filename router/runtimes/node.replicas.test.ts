import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { type ReplicationPair, startReplicationPair } from '../../db/test/replicationPair.ts'
import { fixtureFile } from '../../db/test/database.ts'
import type { ServerHandle } from './http/listen.ts'
import { serveNode } from './node.ts'

let pair: ReplicationPair
let replica: Sql
let nodes: ServerHandle[]
const serve = (readUrls: readonly string[]) =>
  serveNode({ url: pair.primary.url, readUrls, host: '127.0.0.1', port: 0 })

beforeAll(async () => {
  pair = await startReplicationPair(async (url) => {
    const sql = client(url, { max: 1 })
    await migrate(sql)
    await sql.unsafe(await readFile(fixtureFile, 'utf8'))
    await sql.end({ timeout: 5 })
  })
  replica = client(pair.replica.url, { max: 1 })
  nodes = await Promise.all([serve([pair.replica.url]), serve([pair.replica.url])])
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop({ drainMs: 0 })))
  await replica.end({ timeout: 5 })
  await pair.end()
})

const ask = (node: number, path: string, init?: RequestInit) =>
  fetch(`http://127.0.0.1:${nodes[node]!.port}${path}`, init)
const helpfulness = async (node: number, headers: Record<string, string> = {}): Promise<number> => {
  const answer = await ask(node, '/reviews?product_id=1&count=100', { headers })
  const { results } = (await answer.json()) as { results: { review_id: number; helpfulness: number }[] }
  return results.find(({ review_id }) => review_id === 1)!.helpfulness
}
const help = async (): Promise<string> => {
  const answer = await ask(0, '/reviews/1/helpful', { method: 'PUT' })
  expect([answer.status, answer.headers.get('cache-group-invalidation')]).toEqual([204, '"product-1"'])
  return answer.headers.get('consistency-token')!
}
const relaxed = { 'Consistency-Token': '0/0' }

// Each test begins with a replica that has caught up and then replays no more.
beforeEach(async () => {
  const now = await helpfulness(0)
  await expect.poll(() => helpfulness(0, relaxed)).toBe(now)
  await expect.poll(() => helpfulness(1, relaxed)).toBe(now)
  await replica`select pg_wal_replay_pause()`
  onTestFinished(async () => void (await replica`select pg_wal_replay_resume()`))
})

test('a write shows at once through each node, also to a client that says nothing of it', async () => {
  const before = await helpfulness(1)
  await help()
  expect(await helpfulness(0)).toBe(before + 1)
  expect(await helpfulness(1)).toBe(before + 1)
})

test('the answer to a write says what a read of it asks for, and a read that asks for less may miss it', async () => {
  const before = await helpfulness(1, relaxed)
  const written = await help()
  expect(written).toMatch(/^[\dA-F]{8}\/[\dA-F]{8}$/)
  expect(await helpfulness(1, { 'Consistency-Token': written })).toBe(before + 1)
  // The primary answers while the replica is taken for unhealthy, as a busy machine may have it for a moment.
  await expect.poll(() => helpfulness(1, relaxed)).toBe(before)
  await replica`select pg_wal_replay_resume()`
  await expect.poll(() => helpfulness(1, relaxed)).toBe(before + 1)
})

test('a cart is never behind, whatever a request asks for', async () => {
  const Authorization = 'a token'
  for (let units = 1; units <= 5; units += 1) {
    const headers = { Authorization, 'Content-Type': 'application/json' }
    expect((await ask(0, '/cart', { method: 'POST', headers, body: '{"sku_id":1}' })).status).toBe(201)
    const cart = await ask(1, '/cart', { headers: { Authorization, ...relaxed } })
    expect(await cart.json()).toEqual([{ sku_id: 1, count: String(units) }])
  }
})

test('without replicas, a write says nothing of the log, and a read does not care', async () => {
  const alone = await serve([])
  onTestFinished(() => alone.stop({ drainMs: 0 }))
  const origin = `http://127.0.0.1:${alone.port}`
  const answer = await fetch(`${origin}/reviews/1/helpful`, { method: 'PUT' })
  expect([answer.status, answer.headers.has('consistency-token')]).toEqual([204, false])
  expect((await fetch(`${origin}/reviews?product_id=1`, { headers: relaxed })).status).toBe(200)
})
