import { once } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../../db/connect.ts'
import { createDatabase, type TestDatabase } from '../../../db/test/database.ts'
import { endpoints } from '../../../handlers/index.ts'
import { createApp } from '../../app.ts'
import { listen, type ServerHandle } from './listen.ts'

const most = 8
let own: TestDatabase
let connected: Database
let server: ServerHandle
let origin: string
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
  connected = connect(own.url)
  server = await listen(
    () => createApp(endpoints, connected.db),
    { host: '127.0.0.1', port: 0 },
    { maxConcurrent: most },
  )
  origin = `http://127.0.0.1:${server.port}`
})
afterAll(async () => {
  await server.stop({ drainMs: 0 })
  await connected.end()
  await own.drop()
})

const interaction = JSON.stringify({ element: 'a', widget: 'b', time: 'c' })

/** Requests that stay under way until their bodies end. */
const hold = async (count: number): Promise<ClientRequest[]> => {
  const held = Array.from({ length: count }, () => request(`${origin}/interactions`, { method: 'POST' }))
  for (const request of held) request.write(interaction)
  await Promise.all(held.map((request) => once(request, 'socket')))
  await expect.poll(async () => (await fetch(`${origin}/products/1`)).status).toBe(503)
  return held
}

const endAll = (held: readonly ClientRequest[]) =>
  Promise.all(
    held.map(async (request) => {
      const answered = once(request, 'response') as Promise<[IncomingMessage]>
      request.end()
      const [response] = await answered
      return `${response.statusCode} ${await text(response)}`
    }),
  )

test('a server with as many requests under way as it takes refuses others, and serves again when they are answered', async () => {
  const held = await hold(most)
  const refused = await fetch(`${origin}/products/1`)
  expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('cache-control')]).toEqual([
    503,
    '1',
    'no-store',
  ])
  expect(await refused.text()).toBe('Error: not available now, try again in a moment')
  expect(await endAll(held)).toEqual(Array.from({ length: most }, () => '201 Created'))
  expect((await fetch(`${origin}/products/1`)).status).toBe(200)
})

test('a refusal is the same for a write, leaves its connection in use, and can be had as problem details', async () => {
  const held = await hold(most)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = { accept: 'application/problem+json' }
  const post = request(`${origin}/interactions`, { method: 'POST', agent, headers }).end(interaction)
  const [refused] = (await once(post, 'response')) as [IncomingMessage]
  expect(JSON.parse(await text(refused))).toMatchObject({ status: 503, code: 'unavailable' })
  await endAll(held)
  const again = request(`${origin}/interactions`, { method: 'POST', agent }).end(interaction)
  const [answered] = (await once(again, 'response')) as [IncomingMessage]
  expect([answered.statusCode, again.reusedSocket]).toEqual([201, true])
  agent.destroy()
})

test('/livez answers whatever is under way', async () => {
  const held = await hold(most)
  expect((await fetch(`${origin}/livez`)).status).toBe(200)
  await endAll(held)
})

test('of many requests at once each is answered, or refused and told to come again', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  const ask = async () => {
    const [response] = (await once(request(`${origin}/products/1`, { agent }).end(), 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    return [response.statusCode, response.headers['retry-after']]
  }
  const answers = await Promise.all(Array.from({ length: 200 }, ask))
  agent.destroy()
  const served = answers.filter(([status]) => status === 200)
  const refused = answers.filter(([status, later]) => status === 503 && later === '1')
  expect(served.length).toBeGreaterThanOrEqual(most)
  expect(served.length + refused.length).toBe(200)
  expect(await ask()).toEqual([200, undefined])
})
