import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { addresses } from './hosts.ts'

const host = 'Host: shop\r\n'
const body = (length: string) => `POST /interactions HTTP/1.1\r\n${host}${length}\r\n\r\n`

/** Sends a first part, and then another each half second. The response, and the seconds until the connection closed. */
const sendSlowly = async (at: { host: string; port: number }, begin: string, more: string) => {
  const socket = connect(at)
  const start = performance.now()
  let answer = ''
  socket.on('data', (data) => (answer += String(data)))
  socket.on('error', () => {})
  socket.write(begin)
  const sending = setInterval(() => socket.write(more), 500)
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(sending)
  return { seconds: (performance.now() - start) / 1000, answer }
}

const servers = {
  'the balancer': { host: addresses.balancer, port: 80 },
  'a node': { host: addresses['node-1'], port: 3000 },
} as const

const requests = [
  ['a line', 'GET /products', '/', false],
  ['a header', `GET /products HTTP/1.1\r\n${host}X: `, 'x', false],
  ['headers', `GET /products HTTP/1.1\r\n${host}`, 'X: x\r\n', false],
  ['a body', body('Content-Length: 1000'), ' ', true],
  ['a body in chunks', body('Transfer-Encoding: chunked'), '1\r\n \r\n', true],
  ['a body that nobody reads', `PUT /reviews/1/helpful HTTP/1.1\r\n${host}Content-Length: 1000\r\n\r\n`, ' ', false],
  ['the body of a GET', `GET /products HTTP/1.1\r\n${host}Content-Length: 1000\r\n\r\n`, ' ', false],
] as const

const sendWithinFiveSeconds = async (at: { host: string; port: number }): Promise<string> => {
  const socket = connect(at)
  const disconnected = new Promise((resolve) => socket.once('close', resolve))
  let answer = ''
  socket.on('data', (data) => (answer += String(data)))
  const text = JSON.stringify({ element: 'a', widget: 'b', time: 'c' })
  socket.write(body(`Content-Length: ${text.length}\r\nConnection: close`))
  for (const character of text) {
    socket.write(character)
    await sleep(120)
  }
  await disconnected
  return answer
}

// All at once: each takes seconds.
const cases = Object.entries(servers).flatMap(([name, server]) =>
  requests.map((request) => ({ name, server, request })),
)
let closed: ReturnType<typeof sendSlowly>[]
let answered: Promise<string>[]
beforeAll(() => {
  closed = cases.map(({ server, request: [, begin, more] }) => sendSlowly(server, begin, more))
  answered = Object.values(servers).map(sendWithinFiveSeconds)
})

test.each(cases.map(({ name, request }, at) => [request[0], name, request[3], at] as const))(
  '%s that arrives slowly at %s is closed within 15 s',
  async (_, __, isAnswered, at) => {
    const { seconds, answer } = await closed[at]!
    expect(seconds).toBeLessThan(15)
    if (!isAnswered) return
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toMatch(/\r\nAccess-Control-Allow-Origin: \*\r\n/i)
    expect(answer).toMatch(/\r\n\r\nError: the request took too long to arrive$/)
  },
)

test('a request that arrives within five seconds is answered', async () => {
  for (const answer of await Promise.all(answered)) expect(answer).toMatch(/^HTTP\/1\.1 201 /)
})
