import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import type { ServerHandle } from './http/listen.ts'
import { serveNode } from './node.ts'

let own: TestDatabase
let server: ServerHandle
let origin: string
const start = () => serveNode({ url: own.url, host: '127.0.0.1', port: 0 })
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
  server = await start()
  origin = `http://127.0.0.1:${server.port}`
})
afterAll(async () => {
  await server.stop({ drainMs: 0 })
  await own.drop()
})

const interaction = JSON.stringify({ element: 'x'.repeat(5000), widget: '', time: '' })

/** A POST whose body arrives in pieces, without its length being told before. */
const postSlowly = (pieces: readonly string[], pauseMs: number) =>
  fetch(`${origin}/interactions`, {
    method: 'POST',
    duplex: 'half',
    body: new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const piece of pieces) {
          controller.enqueue(new TextEncoder().encode(piece))
          await sleep(pauseMs)
        }
        controller.close()
      },
    }),
  })

test('a body that arrives slowly and without its length is read whole', async () => {
  const response = await postSlowly([interaction.slice(0, 100), interaction.slice(100)], 100)
  expect([response.status, await response.text()]).toEqual([201, 'Created'])
})

test('a body over 64 KiB is a 413, whether its length is told before or not', async () => {
  const body = ' '.repeat(70_000)
  expect((await fetch(`${origin}/interactions`, { method: 'POST', body })).status).toBe(413)
  expect((await postSlowly([body, body], 0)).status).toBe(413)
})

test('a body that breaks off takes nobody else down', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write('POST /interactions HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"element"')
  await sleep(50)
  socket.destroy()
  expect((await fetch(`${origin}/livez`)).status).toBe(200)
})

test('HEAD answers without a body, and a GET with Content-Encoding: gzip with one', async () => {
  const head = await fetch(`${origin}/products/1`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const get = await fetch(`${origin}/products/1`, { headers: { 'content-encoding': 'gzip' } })
  expect(await get.json()).toMatchObject({ id: 1 })
})

test('requests that come together over one connection are answered whole and in their order', async () => {
  const socket = connect(server.port, '127.0.0.1')
  const paths = ['/products/1/styles', '/nowhere', '/products/1', '/livez', '/reviews/meta?product_id=1']
  const heads = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n`)
  socket.write(`${heads.join('\r\n')}Connection: close\r\n\r\n`)
  const bodies = await Promise.all(paths.map(async (path) => (await fetch(origin + path)).text()))
  const answers = (await text(socket)).split(/HTTP\/1\.1 \d+ .*\r\n/).slice(1)
  expect(answers.map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4))).toEqual(bodies)
})

test('a PUT with a body that nobody reads leaves its connection in use', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const put = () =>
    new Promise<number | undefined>((resolve, reject) => {
      request(`${origin}/reviews/1/helpful`, { method: 'PUT', agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
        .on('error', reject)
        .end('{"any": "thing"}')
    })
  expect([await put(), await put(), await put()]).toEqual([204, 204, 204])
  agent.destroy()
})

test('/readyz asks the database', async () => {
  expect((await fetch(`${origin}/readyz`)).status).toBe(200)
  const lost = await serveNode({ url: 'postgres://nobody@127.0.0.1:1/none', host: '127.0.0.1', port: 0 })
  expect((await fetch(`http://127.0.0.1:${lost.port}/readyz`)).status).toBe(503)
  expect((await fetch(`http://127.0.0.1:${lost.port}/livez`)).status).toBe(200)
  await lost.stop({ drainMs: 0 })
})

test('a port that is taken is the error of Node', async () => {
  await expect(serveNode({ url: own.url, host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})

test('stop answers what is under way, tells its clients to leave, and only then closes', async () => {
  const stopping = await start()
  const address = `http://127.0.0.1:${stopping.port}`
  const slow = request(`${address}/interactions`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } })
  slow.write(interaction.slice(0, 100))
  await sleep(50)

  const stopped = stopping.stop({ drainMs: 300, closeMs: 5000 })
  const ready = await fetch(`${address}/readyz`)
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close'])
  expect((await fetch(`${address}/products/1`)).status).toBe(200)

  await sleep(400)
  await expect(fetch(`${address}/livez`)).rejects.toThrow('fetch failed')
  slow.end(interaction.slice(100))
  const answer = await new Promise<string>((resolve) => {
    slow.on('response', (response) => resolve(text(response).then((body) => `${response.headers.connection} ${body}`)))
  })
  expect(answer).toBe('close Created')
  await stopped
})

test('stop does not wait for ever', async () => {
  const stopping = await start()
  const socket = connect(stopping.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write('POST /interactions HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{')
  await sleep(50)
  const begin = Date.now()
  await stopping.stop({ drainMs: 0, closeMs: 200 })
  expect(Date.now() - begin).toBeLessThan(2000)
})
