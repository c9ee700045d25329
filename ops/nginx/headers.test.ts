import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findNginx } from '../stack/findNginx.ts'
import { type Balancer, startNginx } from '../stack/nginx.ts'
import { describeNginx } from './test/stack.ts'

describeNginx('a node', () => {
  const startBalancer = async (listener: RequestListener): Promise<Balancer> => {
    const node = createServer(listener).listen(0, '127.0.0.1')
    await once(node, 'listening')
    onTestFinished(() => void node.close())
    const ports = [(node.address() as AddressInfo).port]
    const balancer = await startNginx(await findNginx(), { ports, limits: 'off' })
    onTestFinished(balancer.stop)
    return balancer
  }

  test('gets the address of a client and the id of the request, and no headers that a client forged', async () => {
    const received: IncomingMessage['headers'][] = []
    const { url } = await startBalancer(({ headers }, response) => {
      received.push(headers)
      response.setHeader('X-Request-Id', 'of the node').end('[]')
    })
    const forged = {
      'X-Request-Id': 'mine',
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Host': 'mine',
      'X-Original-URL': '/cart',
      'X-HTTP-Method-Override': 'PUT',
      'Consistency-Token': '0/1',
      Forwarded: 'host=mine',
      Range: 'bytes=0-1',
    }
    for (const [at, path] of ['/products/1', '/products/1?mine=1', '/cart'].entries()) {
      const { headers } = await fetch(url + path, { headers: forged })
      const id = headers.get('x-request-id')
      expect(id).toMatch(/^[\da-f]{32}$/)
      expect(received[at]).toMatchObject({ host: 'atelierx', 'x-request-id': id, 'x-forwarded-for': '127.0.0.1' })
      for (const name of ['forwarded', 'range', 'consistency-token', 'x-forwarded-host', 'x-original-url']) {
        expect(received[at]).not.toHaveProperty(name)
      }
      expect(received[at]).not.toHaveProperty('x-http-method-override')
    }
    // This response is cached for other clients.
    expect(Object.keys(received[0]!).toSorted()).toEqual([
      'accept',
      'atelierx-public',
      'host',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-request-id',
    ])
  })

  test('is told the trace of a request, which comes back with each response, and only a valid one', async () => {
    const traces: unknown[] = []
    const { url, folder } = await startBalancer(({ headers }, response) => {
      traces.push(headers.traceparent)
      response.setHeader('Server-Timing', 'of the node').setHeader('Cache-Groups', '"product-1"').end('[]')
    })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const timings = []
    const tooLarge = { method: 'POST', body: ' '.repeat(70_000) }
    for (const [path, init] of [['/cart'], ['/products/1'], ['/products/1'], ['/reviews', tooLarge]] as const) {
      const { headers } = await fetch(url + path, { ...init, headers: { traceparent } })
      timings.push(headers.get('server-timing'))
    }
    expect(timings).toEqual(Array.from({ length: 4 }, () => `traceparent;desc="${traceparent}"`))
    // A cached response is for other clients too.
    expect(traces).toEqual([traceparent, undefined])
    const invalid = await fetch(`${url}/products/1`, { headers: { traceparent: `${traceparent}"` } })
    expect(invalid.headers.has('server-timing')).toBe(false)
    await expect
      .poll(async () => (await readFile(join(folder, 'access.log'), 'utf8')).match(/"trace":"[^"]*"/g)?.toSorted(), {
        timeout: 5000,
      })
      .toEqual(['"trace":""', ...timings.map(() => `"trace":"${traceparent}"`)])
  })

  test.each([
    ['', 'HIT'],
    [undefined, 'MISS'],
  ])(
    'that answers a failed write with the invalidation %j leaves a cached response a %s',
    async (invalidated, cache) => {
      const balancer = await startBalancer(({ method, url }, response) => {
        if (invalidated !== undefined && method === 'PUT') response.setHeader('Cache-Group-Invalidation', invalidated)
        response
          .writeHead(method === 'PUT' ? 503 : 200, { 'Cache-Groups': `"${url?.slice(1).replace('s/', '-')}"` })
          .end('[]')
      })
      const { url } = balancer
      await fetch(`${url}/products/1`)
      expect((await fetch(`${url}/reviews/1/helpful`, { method: 'PUT' })).status).toBe(503)
      // Another response of a node: it is back.
      await fetch(`${url}/products/2`)
      expect((await fetch(`${url}/products/1`)).headers.get('x-cache')).toBe(cache)
    },
  )

  test('may invalidate more groups than fit, and no older response comes back', async () => {
    let version = 0
    let invalidated = '"product-1"'
    const { url, admin } = await startBalancer(({ method }, response) => {
      if (method === 'PUT') response.writeHead(204, { 'Cache-Group-Invalidation': invalidated }).end()
      else response.setHeader('Cache-Groups', '"product-1"').end(String(version))
    })
    const read = async () => (await fetch(`${url}/reviews?product_id=1`)).text()
    const write = () => fetch(`${url}/reviews/1/helpful`, { method: 'PUT' })

    expect(await read()).toBe('0')
    version = 1
    await write()
    expect(await read()).toBe('1')
    for (let first = 2; first < 160_000; first += 400) {
      invalidated = Array.from({ length: 400 }, (_, n) => `"product-${first + n}"`).join(', ')
      await write()
    }
    expect(await (await fetch(`${admin}/status`)).json()).not.toMatchObject({ invalidated: { all: 0 } })
    expect(await read()).toBe('1')
  })
})
