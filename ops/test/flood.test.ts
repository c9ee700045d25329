import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { request } from './request.ts'
import { origin } from './balancer.ts'
import { addresses, testAddresses } from './hosts.ts'
import { countFailures, underLoad } from './underLoad.ts'
import { products, useShop } from './shop.ts'

useShop()

/** The statuses that a client gets for some milliseconds, and its longest wait in milliseconds. */
const visit = async (ms: number): Promise<{ statuses: number[]; slowest: number }> => {
  const statuses = new Set<number>()
  let slowest = 0
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
    const begin = performance.now()
    const { status } = await request('GET', `/products/${1 + Math.floor(Math.random() * products)}`)
    statuses.add(status)
    slowest = Math.max(slowest, performance.now() - begin)
  }
  return { statuses: [...statuses], slowest }
}

test('a flood from one address gets 429 with Retry-After, and does not slow another client down', async () => {
  let met: Awaited<ReturnType<typeof visit>> | undefined
  const flood = { origin, rate: 1000, writes: 0, clients: [addresses.client] }
  const outcomes = await underLoad(flood, async () => {
    met = await visit(3500)
  })
  expect(Object.keys(countFailures(outcomes))).toEqual(['GET 429'])
  expect(outcomes.filter(({ result }) => result === 429).length).toBeGreaterThan(outcomes.length / 2)
  expect(met?.statuses).toEqual([200])
  expect(met?.slowest).toBeLessThan(2000)

  const burst = Array.from({ length: 400 }, () => request('GET', '/products/1', undefined, testAddresses[0]))
  const refused = (await Promise.all(burst)).filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  for (const { headers } of refused) expect(headers['retry-after']).toBe('1')
})

const sendSlowly = (begin: string): Socket => {
  const socket = connect({ host: addresses.balancer, port: 80, localAddress: '10.77.0.1' })
  socket.on('error', () => {}).write(begin)
  return socket
}

test('clients that send slowly do not slow another down, and are disconnected', async () => {
  const slow = Array.from({ length: 300 }, (_, n) =>
    sendSlowly(
      n % 2
        ? 'GET /products/1 HTTP/1.1\r\nHost: shop\r\n'
        : 'POST /interactions HTTP/1.1\r\nHost: shop\r\nContent-Length: 900\r\n\r\n{',
    ),
  )
  const closed = Promise.all(slow.map((socket) => new Promise((resolve) => socket.resume().on('close', resolve))))
  const dribbling = setInterval(() => {
    for (const socket of slow) socket.write('a')
  }, 1000)
  const { statuses, slowest } = await visit(5000)
  clearInterval(dribbling)
  expect(statuses).toEqual([200])
  expect(slowest).toBeLessThan(2000)
  await closed
})
