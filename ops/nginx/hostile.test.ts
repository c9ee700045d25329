import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { buildRequest } from '../../router/test/buildRequest.ts'
import { describeNginx, useStack } from './test/stack.ts'

const reads = Object.values<Endpoint>(endpoints).filter(({ cache }) => cache !== undefined)
const paths = reads.map((endpoint) => buildRequest(endpoint).path)

const hosts = [
  String.raw`9\cart?`,
  String.raw`9\docs?`,
  '\xff.\xff\\products\\2?',
  '9?',
  '9#',
  'user@9',
  '[::1]:80',
  'other.example:8080',
]
const headers = [
  // The client, and its way here.
  [
    'X-Forwarded-Host: 9\\cart?',
    'X-Forwarded-For: 10.0.0.1',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Prefix: /api/fec2/evil',
    'Forwarded: host="9\\cart?";proto=https',
  ],
  ['X-Original-URL: /cart', 'X-Rewrite-URL: /products/2', 'X-Accel-Redirect: /cart'],
  ['X-HTTP-Method-Override: POST', 'X-Method-Override: PUT', 'X-HTTP-Method: PUT'],
  ['Authorization: other', 'Cookie: s_id=other', 'Origin: https://evil.example', 'Accept-Language: de'],
  ['Consistency-Token: 0/0', 'Cache-Groups: "product-2"', 'Cache-Group-Invalidation: "product-1"'],
  ['X-Request-Id: mine', 'Cache-Control: no-cache, no-store', 'Pragma: no-cache'],
  // Ranges, conditions and encodings.
  ['Range: bytes=0-3'],
  ['Range: bytes=0-3', 'If-Range: "x"'],
  ['If-None-Match: *'],
  ['If-Match: "x"'],
  ['If-Modified-Since: Wed, 01 Jan 2098 00:00:00 GMT'],
  ['If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT'],
  ['Accept-Encoding: gzip, br, zstd', 'Accept: application/problem+json', 'TE: trailers'],
  ['Content-Length: 0', 'Content-Encoding: gzip', 'Content-Type: text/html'],
  ['Expect: 100-continue'],
  ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings, Host, Accept', 'HTTP2-Settings: AAMAAABkAAQAAP__'],
]

describeNginx('what a client sends', () => {
  const api = useStack()
  const answers = new Map<string, string>()

  const portOf = (url: string) => Number(new URL(url).port)
  /** The bytes of a response to the bytes of a request. */
  const send = async (port: number, request: string, localAddress: string): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', () => {}).write(Buffer.from(request, 'latin1'))
    return (await buffer(socket).catch(() => Buffer.alloc(0))).toString('latin1')
  }
  /** The status, the type and the body of an answer. */
  const plain = (answer: string): string => {
    const [head = '', ...body] = answer.split('\r\n\r\n')
    const type = /^content-type: .*$/im.exec(head)?.[0].toLowerCase()
    const text = /^transfer-encoding: chunked/im.test(head)
      ? body.join('\r\n\r\n').split('\r\n')[1]
      : body.join('\r\n\r\n')
    return [head.slice(9, 12), type, text].join('\n')
  }
  const get = (path: string, host: string, ...more: string[]) =>
    `${[`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...more].join('\r\n')}\r\n\r\n`
  const toBalancer = (request: string, from: string) => send(portOf(api.stack.url), request, from)

  beforeAll(async () => {
    for (const path of paths) {
      answers.set(path, plain(await send(portOf(api.stack.nodes[0]!), get(path, 'shop'), '127.0.0.1')))
      expect(answers.get(path)).toMatch(/^200\ncontent-type: application\/json\n[[{]/)
    }
  })
  const expectUnharmed = async (path: string, label: string) => {
    for (const from of ['127.0.0.3', '127.0.0.4']) {
      expect(plain(await toBalancer(get(path, 'shop'), from)), label).toBe(answers.get(path))
    }
  }

  describe.each(paths)('to read %s', (path) => {
    test.each([
      ...hosts.map((host) => ['as its host', host] as const),
      ...headers.map((group) => ['in headers', group.join('\r\n')] as const),
    ])(`%s does not decide what others get: %j`, async (where, text) => {
      const request = where === 'as its host' ? get(path, text) : get(path, 'shop', text)
      for (const sent of [request, request.replace('GET', 'HEAD')]) await toBalancer(sent, '127.0.0.2')
      await expectUnharmed(path, text)
    })

    test('another spelling of its address does not decide what others get', async () => {
      const [address = '', query = ''] = path.split('?')
      const spellings = [
        `http://9\\cart?${path}`,
        `http://other.example${path}`,
        `/${path}`,
        `${address}/..${address}?${query}`,
        `${address}\\..\\..\\cart?${query}`,
        `${address}%3Fproduct_id=2?${query}`,
        `${path}${query ? '&' : '?'}product_id=2`,
        `${path}#/cart`,
        `${path};product_id=2`,
        `${address}\xff?${query}`,
        `${path}${query ? '&' : '?'}__proto__=1&constructor=2`,
      ]
      for (const spelling of spellings) {
        await toBalancer(get(spelling, 'shop'), '127.0.0.2')
        await expectUnharmed(path, spelling)
      }
    })
  })

  test('a HEAD stores nothing', async () => {
    for (const method of ['HEAD', 'HEAD', 'GET']) {
      expect((await api.request('/products?count=5000', { method })).cache).toBe('MISS')
    }
  })

  test.each(['/products?count=5000', '/products/1'])('an invented campus stores nothing of %s', async (path) => {
    for (const method of ['GET', 'HEAD', 'GET']) {
      expect((await api.request(`/api/fec2/r1${path}`, { method })).cache).toBe('BYPASS')
    }
  })
})
