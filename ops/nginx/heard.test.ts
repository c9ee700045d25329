import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { findNginx, startNginx } from '../nginx.ts'
import { describeNginx } from './test.ts'

describeNginx('a node', () => {
  const before = async (listener: RequestListener): Promise<string> => {
    const node = createServer(listener).listen(0, '127.0.0.1')
    await once(node, 'listening')
    onTestFinished(() => void node.close())
    const { url, stop } = await startNginx(await findNginx(), { ports: [(node.address() as AddressInfo).port] })
    onTestFinished(stop)
    return url
  }

  test('hears who asks, and under which id, and not what a client claims', async () => {
    const heard: IncomingMessage['headers'][] = []
    const url = await before(({ headers }, response) => {
      heard.push(headers)
      response.setHeader('X-Request-Id', 'of the node').end('[]')
    })
    const claims = { 'X-Request-Id': 'mine', 'X-Forwarded-For': '10.0.0.1', 'X-Read-After': '0/1' }
    const { headers } = await fetch(`${url}/products/1`, { headers: claims })
    const id = headers.get('x-request-id')
    expect(id).toMatch(/^[\da-f]{32}$/)
    expect(heard[0]).toMatchObject({ 'x-request-id': id, 'x-forwarded-for': '127.0.0.1' })
    expect(heard[0]).not.toHaveProperty('x-read-after')
  })

  test.each([
    ['', 'HIT'],
    [undefined, 'MISS'],
  ])('that fails to write and says it changed %j leaves a kept answer a %s', async (changed, cache) => {
    const url = await before(({ method }, response) => {
      if (changed !== undefined && method === 'PUT') response.setHeader('X-Changed', changed)
      response.writeHead(method === 'PUT' ? 503 : 200).end('[]')
    })
    await fetch(`${url}/products/1`)
    expect((await fetch(`${url}/reviews/1/helpful`, { method: 'PUT' })).status).toBe(503)
    // Another answer of a node: it is there again.
    await fetch(`${url}/products/2`)
    expect((await fetch(`${url}/products/1`)).headers.get('x-cache')).toBe(cache)
  })
})
