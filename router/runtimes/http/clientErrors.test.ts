import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../db/test/database.ts'
import type { ServerHandle } from './listen.ts'
import { serveNode } from '../node.ts'

let own: TestDatabase
let server: ServerHandle
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
  server = await serveNode({ url: own.url, host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.stop({ drainMs: 0 })
  await own.drop()
})

/** Sends raw bytes; resolves to all that comes back until the connection ends. */
const send = async (...sent: readonly string[]) => {
  const socket = connect(server.port, '127.0.0.1')
  for (const each of sent) socket.write(each, 'latin1')
  return text(socket)
}
const partsOf = (answer: string) => {
  const end = answer.indexOf('\r\n\r\n')
  const [line = '', ...lines] = answer.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 2)]),
  )
  return { status: Number(line.split(' ')[1]), headers, body: answer.slice(end + 4) }
}

const unread = 'Error: the request cannot be read'
const host = 'Host: shop\r\n'
const chunked = `POST /interactions HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`

test.each([
  ['what is no HTTP', 'hello\r\n\r\n', 400, unread],
  ['a method that is none', `FETCH / HTTP/1.1\r\n${host}\r\n`, 400, unread],
  ['a version that is none', `GET / HTTP/3.9\r\n${host}\r\n`, 400, unread],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, unread],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, unread],
  ['a header without a colon', `GET /products HTTP/1.1\r\n${host}broken\r\n\r\n`, 400, unread],
  ['two lengths', `POST /cart HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 400, unread],
  ['a length beside chunks', `${chunked.slice(0, -2)}Content-Length: 2\r\n\r\n`, 400, unread],
  ['chunks that are none', `${chunked}zz\r\n`, 400, unread],
  ['HTTP/1.1 without a host', 'GET /products HTTP/1.1\r\nConnection: close\r\n\r\n', 400, unread],
  ['a path with a backslash', `GET /products\\1 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, 400, unread],
  [
    'headers without end',
    `GET / HTTP/1.1\r\n${host}A: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'Error: the headers are larger than 16 KiB',
  ],
  [
    'extensions of chunks without end',
    `${chunked}5;${'x'.repeat(20_000)}`,
    413,
    'Error: the body is larger than 64 KiB',
  ],
  [
    'an expectation',
    `POST /cart HTTP/1.1\r\n${host}Expect: cake\r\nConnection: close\r\n\r\n`,
    417,
    'Error: nothing but 100-continue can be expected',
  ],
  [
    'CONNECT',
    'CONNECT shop:443 HTTP/1.1\r\nHost: shop:443\r\n\r\n',
    405,
    'Error: this address does not take that method',
  ],
  [
    'TRACE',
    `TRACE /products HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
    405,
    'Error: this address does not take that method',
  ],
  [
    'an upgrade of nothing',
    `GET /nowhere HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    404,
    'Error: there is nothing at this address',
  ],
])('%s is refused in words that a browser of any origin may read', async (_, sent, status, words) => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(sent, 'latin1')
  const first = String((await once(socket, 'data'))[0])
  socket.destroy()
  const answer = partsOf(first)
  expect([answer.status, answer.body]).toEqual([status, words])
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'content-type': 'text/plain; charset=UTF-8',
    'content-length': String(words.length),
    'x-content-type-options': 'nosniff',
  })
  if (status === 405) expect(answer.headers.allow).toContain('GET')
})

test('HTTP/1.0 needs no host', async () => {
  expect(partsOf(await send('GET /products/1 HTTP/1.0\r\n\r\n')).status).toBe(200)
})

test('what cannot be read after a whole request takes nothing from the answer to that', async () => {
  const answers = (await send(`GET /products/1 HTTP/1.1\r\n${host}\r\nhello\r\n\r\n`)).split(/(?=HTTP\/1\.1 )/)
  expect(answers.map((each) => partsOf(each).status)).toEqual([200, 400])
  const idle = connect(server.port, '127.0.0.1')
  idle.write(`GET /livez HTTP/1.1\r\n${host}\r\n`)
  expect(partsOf(String((await once(idle, 'data'))[0])).body).toBe('ok')
  idle.write('hello\r\n\r\n')
  expect(partsOf(await text(idle)).status).toBe(400)
})

test('a client that is refused while it still sends reads why, and is then let go of', async () => {
  const socket = connect(server.port, '127.0.0.1')
  const sending = setInterval(() => socket.write('hello\r\n'), 10)
  socket.on('error', () => {})
  const [first] = await once(socket, 'data')
  await once(socket, 'close')
  clearInterval(sending)
  expect(partsOf(String(first)).status).toBe(400)
})
