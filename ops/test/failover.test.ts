import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, inject, test } from 'vitest'
import { request } from './request.ts'
import { setLink } from './hosts.ts'
import { readCounts, expectCountedOnce, countFailures, isOk, underLoad } from './underLoad.ts'
import { restartDatabase } from './databases.ts'
import { waitForAnswer, killNode, nodes, nodeAddress, startNode } from './nodes.ts'
import { useShop } from './shop.ts'

const shop = useShop()
const { origin } = inject('served')!
afterEach(() => waitForAnswer(`${origin}/products/1`))

test('a node that is killed under 1000 requests/s costs no GET, and no write is counted twice', async () => {
  const before = await readCounts(shop.sql)
  const outcomes = await underLoad({ origin, rate: 1000, writes: 20 }, async () => {
    await sleep(2000)
    await killNode('node-2')
    await sleep(3000)
  })
  await startNode('node-2')
  expect(countFailures(outcomes.filter(({ method }) => method === 'GET'))).toEqual({})
  await expectCountedOnce(shop.sql, before, outcomes)
})

test.each(['fast', 'immediate'] as const)(
  'a database that restarts (%s) costs 503s and nothing else, and within 1 s of its return nothing',
  async (mode) => {
    const before = await readCounts(shop.sql)
    let returned = Infinity
    const outcomes = await underLoad({ origin, rate: 500, writes: 20 }, async () => {
      await sleep(1500)
      returned = await restartDatabase(mode, () => sleep(1000))
      await sleep(4000)
    })
    for (const kind of Object.keys(countFailures(outcomes))) expect(kind).toMatch(/ 503$/)
    expect(countFailures(outcomes.filter(({ at }) => at > returned + 1000))).toEqual({})
    await expectCountedOnce(shop.sql, before, outcomes)
  },
)

/** The status of the first node's last response to the balancer. */
const readNodeStatus = async (): Promise<unknown> => {
  const log = '/var/log/nginx/access.log'
  const before = (await readFile(log, 'utf8')).length
  await Promise.all(Array.from({ length: 20 }, () => request('GET', '/cart')))
  // NGINX writes its log once a second.
  await sleep(1200)
  const lines = (await readFile(log, 'utf8')).slice(before).trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line || '{}') as { node?: string; node_status?: string })
  return entries.findLast(({ node }) => node === nodeAddress('node-1'))?.node_status
}

test('a node whose network is cut costs no GET and few writes, and serves again when the network is back', async () => {
  const before = await readCounts(shop.sql)
  const outcomes = await underLoad({ origin, rate: 500, writes: 20 }, async () => {
    await sleep(1500)
    await setLink('node-1', 'down')
    // Longer than the balancer's read timeout, so that the requests of the node go to the other one.
    await sleep(7500)
    await setLink('node-1', 'up')
    await sleep(2000)
  })
  await expect.poll(readNodeStatus, { timeout: 10_000 }).toBe('200')
  const writes = outcomes.filter(({ method }) => method !== 'GET')
  expect(countFailures(outcomes.filter(({ method }) => method === 'GET'))).toEqual({})
  expect(writes.filter(isOk).length).toBeGreaterThan(writes.length * 0.9)
  await expectCountedOnce(shop.sql, before, outcomes)
})

test('with both nodes dead, cached answers still come', async () => {
  const paths = ['/products/7', '/products/7/styles', '/reviews?product_id=7', '/qa/questions?product_id=7']
  const read = async () =>
    Promise.all(
      paths.map((path) => fetch(origin + path).then(async (response) => [response.status, await response.text()])),
    )
  const alive = await read()
  await Promise.all(nodes.map(killNode))
  expect(await read()).toEqual(alive)
  expect(alive.map(([status]) => status)).toEqual(paths.map(() => 200))
  await Promise.all(nodes.map((node) => startNode(node)))
})
