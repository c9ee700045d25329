import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
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

/** The status and body of a raw request line and host. */
const ask = async (line: string, host = 'shop'): Promise<string> => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(Buffer.from(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 'latin1'))
  const answer = (await buffer(socket)).toString('latin1')
  return `${answer.slice(9, 12)} ${answer.slice(answer.indexOf('\r\n\r\n') + 4)}`
}

const meta = 'GET /reviews/meta?product_id=1'

test.each([
  String.raw`9\cart?`,
  String.raw`9\docs?`,
  '\xff.\xff\\products\\2?',
  '9/cart?',
  'user@9',
  '9#',
  '[::1]',
  'a b',
  '1.2.3.4.5',
  'x'.repeat(300),
])('a node answers what the request line asks for, whatever the host is (%j)', async (host) => {
  expect(await ask(meta, host)).toBe(await ask(meta))
})

test.each([
  ['GET http://9/reviews/meta?product_id=1', meta],
  ['GET HTTPS://user@9:1/reviews/meta?product_id=1', meta],
  ['GET http://shop', 'GET /'],
  ['GET http://shop?product_id=1', 'GET /?product_id=1'],
  ['OPTIONS *', 'OPTIONS /reviews'],
  ['GET *', 'GET /nowhere'],
  ['GET //reviews/meta?product_id=1', 'GET /nowhere'],
  ['GET //9/reviews/meta?product_id=1', 'GET /nowhere'],
  ['GET /http://9/reviews/meta?product_id=1', 'GET /nowhere'],
])('the target of %s is that of %s', async (line, same) => {
  expect(await ask(line)).toBe(await ask(same))
})
