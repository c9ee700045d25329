import { group, interaction, json, problem, type SuiteRequest } from './request.ts'

const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '$database'`
const headers = ['Host: a', 'Connection: close', 'Transfer-Encoding: chunked']
const chunked = ['POST /interactions HTTP/1.1', ...headers, '', ''].join('\r\n')

/** Requests at the edges of HTTP, and to a database that fails. */
export const wire: readonly SuiteRequest[] = [
  ...group('http', [
    [
      204,
      'OPTIONS',
      '/reviews',
      { headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' } },
    ],
    [204, 'OPTIONS', '/nowhere'],
    [200, 'GET', '/products?', {}],
    [200, 'GET', '/products?count=%31'],
    [404, 'GET', '//products'],
    [404, 'GET', '/products/../cart%2f'],
    [404, 'GET', '/products/%'],
    [
      200,
      'GET',
      '/products/1',
      { headers: { accept: 'application/problem+json, */*;q=0.1', 'accept-language': 'de' } },
    ],
    [200, 'GET', '/cart', { headers: { cookie: 'a=b; s_id=abc; c="d"' } }],
    [200, 'GET', '/products/1', { headers: { 'x-long': 'y'.repeat(6000) } }],
  ]),
  ...group('bytes', [
    [
      200,
      'GET',
      '/',
      {
        name: 'a whole URL as the target',
        raw: 'GET http://other.example/products/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      },
    ],
    [
      404,
      'GET',
      '/',
      {
        name: 'a Host that would change the path',
        raw: 'GET /nowhere HTTP/1.1\r\nHost: 9\\cart?\r\nConnection: close\r\n\r\n',
      },
    ],
    [200, 'GET', '/', { name: 'HTTP/1.0 without a Host', raw: 'GET /livez HTTP/1.0\r\n\r\n' }],
    [400, 'GET', '/', { name: 'HTTP/1.1 without a Host', raw: 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n' }],
    [400, 'GET', '/', { name: 'no request line', raw: 'hello\r\n\r\n' }],
    [
      400,
      'GET',
      '/',
      {
        name: 'two lengths',
        raw: 'POST /interactions HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
      },
    ],
    [
      413,
      'POST',
      '/',
      {
        name: 'chunks over 64 KiB',
        raw: `${chunked}${`4000\r\n${' '.repeat(0x4000)}\r\n`.repeat(5)}0\r\n\r\n`,
      },
    ],
    [
      201,
      'POST',
      '/',
      {
        name: 'a body in chunks',
        raw: `${chunked}23\r\n{"element":"","widget":"","time":""\r\n1\r\n}\r\n0\r\n\r\n`,
      },
    ],
    [
      431,
      'GET',
      '/',
      {
        name: 'headers over 16 KiB',
        raw: `GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: ${'y'.repeat(20_000)}\r\n\r\n`,
      },
    ],
  ]),
  ...group('database', [
    [
      500,
      'POST',
      '/interactions',
      {
        ...json(interaction),
        name: 'a statement that fails is a 500',
        headers: problem,
        before: 'alter table interactions rename to other',
        after: 'alter table other rename to interactions',
      },
    ],
    [201, 'POST', '/interactions', { ...json(interaction), name: 'the next one succeeds' }],
    [
      200,
      'GET',
      '/products/2',
      {
        name: 'a read after all connections were ended',
        asAdmin: { before: end, after: '' },
      },
    ],
    [
      503,
      'GET',
      '/products/4',
      {
        name: 'a database that lets nobody in is a 503',
        headers: problem,
        asAdmin: {
          before: `alter database $database allow_connections false; ${end}`,
          after: 'alter database $database allow_connections true',
        },
      },
    ],
    [200, 'GET', '/products/4', { name: 'and a 200 when it does again' }],
    [201, 'POST', '/interactions', { ...json(interaction), name: 'as are writes' }],
  ]),
]
