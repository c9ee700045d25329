import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { describeNginx, useStack } from './test/stack.ts'

const problem = 'Accept: application/problem+json'

describeNginx('an error of NGINX itself', () => {
  const api = useStack()
  const send = async (request: string) => {
    const socket = connect(Number(new URL(api.stack.url).port), '127.0.0.1')
    socket.write(request)
    // NGINX reads what the client still sends.
    socket.once('data', () => socket.end())
    const answer = await text(socket)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    const header = (name: string) => new RegExp(`^${name}: (.*)\r?$`, 'im').exec(head)?.[1]
    const chunk = header('transfer-encoding') === 'chunked' ? (body.split('\r\n')[1] ?? '') : body
    return { status: Number(head.slice(9, 12)), head, header, body: chunk }
  }
  const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
  const close = 'Connection: close'

  test.each([
    ['no HTTP', lines('hello'), 400, 'Error: the request cannot be read'],
    ['no host', lines('GET /products HTTP/1.1', close), 400, 'Error: the request cannot be read'],
    ['a host that is none', lines('GET / HTTP/1.1', 'Host: a b/', close), 400, 'Error: the request cannot be read'],
    ['another version', lines('GET / HTTP/3.0', 'Host: a'), 400, 'Error: the request cannot be read'],
    ['an address of no path', lines('GET * HTTP/1.1', 'Host: a'), 400, 'Error: the request cannot be read'],
    [
      'a length that is none',
      lines('POST / HTTP/1.1', 'Host: a', 'Content-Length: x'),
      400,
      'Error: the request cannot',
    ],
    [
      'two lengths',
      lines('POST /cart HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
      400,
      '',
    ],
    ['an unknown coding', lines('POST /cart HTTP/1.1', 'Host: a', 'Transfer-Encoding: x'), 400, 'Error: the request'],
    ['a long address', lines(`GET /${'x'.repeat(9000)} HTTP/1.1`, 'Host: a'), 414, 'Error: the address is longer than'],
    [
      'a long header',
      lines('GET / HTTP/1.1', 'Host: a', `X: ${'x'.repeat(9000)}`),
      431,
      'Error: the headers are larger',
    ],
    [
      'TRACE',
      lines('TRACE /products HTTP/1.1', 'Host: a', close),
      405,
      'Error: this address does not take that method',
    ],
    ['CONNECT', lines('CONNECT a:80 HTTP/1.1', 'Host: a', close), 400, 'Error: the request cannot be read'],
    [
      'its own page',
      lines('GET /error_page HTTP/1.1', 'Host: a', close),
      404,
      'Error: there is nothing at this address',
    ],
  ])('%s is a text that any page may read', async (_, request, status, begin) => {
    const answer = await send(request)
    expect([answer.status, answer.header('content-type')]).toEqual([status, 'text/plain; charset=UTF-8'])
    expect(answer.body.slice(0, begin.length)).toBe(begin)
    expect(answer.header('access-control-allow-origin')).toBe('*')
    expect(answer.head).toMatch(/^Vary: Accept\r?$/m)
    expect(answer.header('x-request-id')).toMatch(/^[\da-f]{32}$/)
    expect(answer.body).not.toContain('<')
  })

  test.each([
    ['GET /products HTTP/1.1', [close], 400, 'malformed_request', '/products'],
    ['TRACE /a"b HTTP/1.1', ['Host: a', close], 405, 'method_not_allowed', '/a%22b'],
    ['POST /cart HTTP/1.1', ['Host: a', close, 'Content-Length: 70000'], 413, 'body_too_large', '/cart'],
    ['POST /cart HTTP/1.1', ['Host: a', 'Transfer-Encoding: x'], 400, 'malformed_request', '/cart'],
    ['GET /cart HTTP/1.1', ['Host: a', `X: ${'x'.repeat(9000)}`], 431, 'headers_too_large', '/cart'],
    ['GET /error_page HTTP/1.1', ['Host: a', close], 404, 'unknown_route', '/error_page'],
  ])('%s is problem details for a client that accepts those', async (line, headers, status, code, instance) => {
    const answer = await send(lines(line, problem, ...headers))
    expect([answer.status, answer.header('content-type')]).toEqual([status, 'application/problem+json'])
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'about:blank', status, code, faults: [], instance })
    expect((await send(lines(line, `${problem};q=0`, ...headers))).header('content-type')).toMatch(/^text\/plain/)
  })

  test('conditions on dates and tags that responses do not have are ignored', async () => {
    for (const condition of ['If-Match: "x"', 'If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT']) {
      for (const path of ['/products/1', '/products/1', '/cart']) {
        expect((await send(lines(`GET ${path} HTTP/1.1`, 'Host: a', close, condition))).status).toBe(200)
      }
    }
  })

  test('a 503 for missing nodes has either form', async () => {
    for (const node of api.stack.processes) node.kill('SIGKILL')
    const request = (...headers: string[]) => send(lines('GET /products/1 HTTP/1.1', 'Host: a', close, ...headers))
    await expect.poll(async () => (await request()).status).toBe(503)
    expect(await request()).toMatchObject({ body: 'Error: not available now, try again in a moment' })
    const answer = await request(problem)
    expect([answer.header('content-type'), answer.header('retry-after')]).toEqual(['application/problem+json', '1'])
    expect(JSON.parse(answer.body)).toMatchObject({ status: 503, code: 'unavailable', instance: '/products/1' })
  })
})
