import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { ask } from './ask.ts'
import { startReplica, urlAs, urlOf } from './databases.ts'
import { signal } from './hosts.ts'
import { nodes, placeOf, startNode } from './nodes.ts'
import { useShop } from './shop.ts'

useShop()

let replica: Sql
beforeAll(async () => {
  await startReplica('2s')
  replica = client(urlOf('replica'), { max: 1 })
  await Promise.all(nodes.map((node) => startNode(node, { DATABASE_READ_URLS: urlAs('api', 'replica') })))
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => startNode(node)))
  await replica.end({ timeout: 5 })
  await signal('replica', 'SIGKILL')
})

/** How often the replica looked up products. */
const lookups = async (): Promise<number> => {
  const [row] = await replica<{ times: number }[]>`
    select coalesce(sum(idx_scan), 0)::int as times from pg_stat_user_tables where relname = 'product_documents'`
  return row?.times ?? 0
}

test('reads go to the replica when it has caught up', async () => {
  await sleep(3000)
  const before = await lookups()
  for (let n = 0; n < 50; n += 1)
    expect((await fetch(`http://${placeOf('node-1')}/products/${n + 1}`)).status).toBe(200)
  await expect.poll(lookups, { timeout: 10_000 }).toBeGreaterThan(before)
})

const path = '/reviews?product_id=77&count=500'
type Reviews = { readonly results: readonly { readonly review_id: number; readonly helpfulness: number }[] }
const helpfulness = (text: string) =>
  (JSON.parse(text) as Reviews).results.find(({ review_id }) => review_id === 76)?.helpfulness ?? 0

test('a replica that lags 2 s hides no write from its writer, or from anybody else, through either node or the cache', async () => {
  const through = async (node: (typeof nodes)[number]) =>
    helpfulness(await (await fetch(`http://${placeOf(node)}${path}`)).text())
  let expected = helpfulness((await ask('GET', path)).text)
  for (let round = 0; round < 60; round += 1) {
    expect((await ask('PUT', '/reviews/76/helpful')).status).toBe(204)
    expected += 1
    expect(helpfulness((await ask('GET', path)).text)).toBe(expected)
    for (const node of nodes) expect(await through(node)).toBe(expected)
    await sleep(50)
  }
  const [behind] = await replica<{ helpfulness: number }[]>`select helpfulness from reviews where review_id = 76`
  expect(behind?.helpfulness).toBeLessThan(expected)
})
