import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { request } from './request.ts'
import { startReplica, roleUrl, superuserUrl } from './databases.ts'
import { signal } from './hosts.ts'
import { nodes, nodeAddress, startNode } from './nodes.ts'
import { useShop } from './shop.ts'

useShop()

let replica: Sql
beforeAll(async () => {
  await startReplica('2s')
  replica = client(superuserUrl('replica'), { max: 1 })
  await Promise.all(nodes.map((node) => startNode(node, { DATABASE_READ_URLS: roleUrl('api', 'replica') })))
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => startNode(node)))
  await replica.end({ timeout: 5 })
  await signal('replica', 'SIGKILL')
})

/** The number of index scans of product documents on the replica. */
const lookups = async (): Promise<number> => {
  const [row] = await replica<{ times: number }[]>`
    select coalesce(sum(idx_scan), 0)::int as times from pg_stat_user_tables where relname = 'product_documents'`
  return row?.times ?? 0
}

test('reads go to the replica once it has replayed the log', async () => {
  await sleep(3000)
  const before = await lookups()
  for (let n = 0; n < 50; n += 1)
    expect((await fetch(`http://${nodeAddress('node-1')}/products/${n + 1}`)).status).toBe(200)
  await expect.poll(lookups, { timeout: 10_000 }).toBeGreaterThan(before)
})

const path = '/reviews?product_id=77&count=500'
type Reviews = { readonly results: readonly { readonly review_id: number; readonly helpfulness: number }[] }
const helpfulness = (text: string) =>
  (JSON.parse(text) as Reviews).results.find(({ review_id }) => review_id === 76)?.helpfulness ?? 0

test('a replica that lags 2 s hides no write from any client, through either node or the cache', async () => {
  const through = async (node: (typeof nodes)[number]) =>
    helpfulness(await (await fetch(`http://${nodeAddress(node)}${path}`)).text())
  let expected = helpfulness((await request('GET', path)).text)
  for (let round = 0; round < 60; round += 1) {
    expect((await request('PUT', '/reviews/76/helpful')).status).toBe(204)
    expected += 1
    expect(helpfulness((await request('GET', path)).text)).toBe(expected)
    for (const node of nodes) expect(await through(node)).toBe(expected)
    await sleep(50)
  }
  const [behind] = await replica<{ helpfulness: number }[]>`select helpfulness from reviews where review_id = 76`
  expect(behind?.helpfulness).toBeLessThan(expected)
})
