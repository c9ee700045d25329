import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, sendAtRate, type Stage } from './constantArrivalRate.ts'

const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    if (request.url === '/livez') response.end('ok')
    else answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const send = async (url: string, connections: number, stage: Stage) => {
  const answers: Answer[] = []
  const { dropped } = await sendAtRate(url, gets, connections, [stage], (answer) => answers.push({ ...answer }))
  return { answers, dropped }
}
const gets = [
  { method: 'GET', path: '/a' },
  { method: 'GET', path: '/b' },
]

test('sends as many requests as the rate says, each path in turn, and hears each answer', async () => {
  const asked: string[] = []
  const url = await serve((request, response) => {
    asked.push(request.url ?? '')
    if (asked.length % 2) response.end('x'.repeat(200_000))
    else response.writeHead(204).end()
  })
  const { answers, dropped } = await send(url, 200, { rate: 200, seconds: 1 })
  expect([answers.length, dropped]).toEqual([200, 0])
  expect(asked.filter((path) => path === '/a')).toHaveLength(100)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 204]))
})

test('does not wait for answers, and counts what it had no connection for', async () => {
  const url = await serve((_request, response) => void sleep(1000).then(() => response.end()))
  const { answers, dropped } = await send(url, 5, { rate: 100, seconds: 0.2 })
  expect([answers.length, dropped]).toEqual([5, 15])
  expect(answers.every(({ endedAt, sentAt }) => endedAt - sentAt >= 900)).toBe(true)
})

test('tells a refusal that says when to come again from one that does not, and no answer from either', async () => {
  let turn = 0
  const url = await serve((request, response) => {
    turn += 1
    response.statusCode = 503
    if (turn === 1) response.setHeader('Retry-After', '1').end('later')
    else if (turn === 2) response.end('never')
    else request.socket.destroy()
  })
  const { answers } = await send(url, 3, { rate: 30, seconds: 0.1 })
  const seen = answers.map(({ status, hasRetryAfter }) => `${status} ${hasRetryAfter}`)
  expect(seen.toSorted()).toEqual(['0 false', '503 false', '503 true'])
})
