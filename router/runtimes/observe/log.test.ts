import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../../db/test/database.ts'
import type { Endpoint } from '../../../handlers/endpoint.ts'
import { endpoints } from '../../../handlers/index.ts'
import { startScript, waitForUrl } from '../../../ops/test/startProcess.ts'
import { buildRequest } from '../../test/buildRequest.ts'
import { readLogOptions } from './logOptions.ts'

type Line = { level: string; id: string; operation?: string; status?: number; error?: string; trace?: string }

/** `npm start`, and what it has printed by its end. */
const start = async (env: Record<string, string>) => {
  const database = await createDatabase({ fixture: true })
  onTestFinished(database.drop)
  const more = { DATABASE_URL: database.url, PORT: '0', ATELIER_WORKERS: '1', ATELIER_DRAIN_MS: '0', ...env }
  const server = startScript(['ops/start.ts'], { ...process.env, ...more })
  const origin = await waitForUrl(server)
  const end = async () => {
    server.child.kill('SIGINT')
    await server.exited
    const lines = server.output.text.split('\n').filter((line) => line.startsWith('{'))
    return { text: server.output.text, lines: lines.map((line) => JSON.parse(line) as Line) }
  }
  return { origin, sql: database.sql, end }
}
const production = { NODE_ENV: 'production', ATELIER_LOG_SAMPLE: '1' }
const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a request is a line with its id, operation, status, time, size and trace', async () => {
  const { origin, end } = await start(production)
  const headers = { 'x-request-id': 'mine', traceparent: trace }
  const body = await (await fetch(`${origin}/products/1`, { headers })).text()
  const other = await fetch(`${origin}/nowhere`)
  const { lines } = await end()
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.any(Number),
      id: 'mine',
      operation: 'getProduct',
      status: 200,
      ms: expect.any(Number),
      bytes: Buffer.byteLength(body),
      trace,
    },
    expect.objectContaining({ id: other.headers.get('x-request-id'), status: 404 }),
  ])
})

test('no log has anything of a person', async () => {
  const { origin, sql, end } = await start(production)
  const secrets: string[] = ['token-7f3', 'cookie-7f3', 'agent-7f3', 'query-7f3', 'key-7f3']
  const headers = {
    authorization: 'Bearer token-7f3',
    cookie: 's_id=cookie-7f3',
    'user-agent': 'agent-7f3',
    'idempotency-key': 'key-7f3',
    referer: 'http://127.0.0.1/?query-7f3',
    traceparent: 'token-7f3',
    'x-request-id': 'agent-7f3@mail.example',
  }
  const send = (endpoint: Endpoint, input: object = endpoint.example) => {
    const { path, ...init } = buildRequest(endpoint, input)
    const query = `${path.includes('?') ? '&' : '?'}email=query-7f3@mail.example`
    return fetch(`${origin}/api/fec2/campus@mail.example${path}${query}`, { ...init, headers })
  }
  for (const endpoint of Object.values<Endpoint>(endpoints)) {
    secrets.push(...Object.values(endpoint.example).filter((value): value is string => /[ @]/.test(String(value))))
    await send(endpoint)
    await send(endpoint, { ...endpoint.example, body: 7, name: '\0name-7f3', email: 'wrong-7f3' })
  }
  secrets.push('name-7f3', 'wrong-7f3', 'mail.example')
  // From here on, each write is a bug whose error quotes what was sent.
  await sql`create function fail() returns trigger language plpgsql as $$ begin
    raise exception using errcode = '22000', message = format('cannot read "%s"', to_jsonb(new)::text);
  end $$`
  for (const table of ['reviews', 'questions', 'answers', 'cart_items', 'interactions'])
    await sql`create trigger fail before insert on ${sql(table)} for each row execute function fail()`
  const headersOf = { ...headers, 'idempotency-key': 'other' }
  for (const endpoint of [endpoints.addReview, endpoints.addQuestion, endpoints.addAnswer]) {
    const { path, ...init } = buildRequest(endpoint)
    expect((await fetch(origin + path, { ...init, headers: headersOf })).status).toBe(500)
  }
  const { text, lines } = await end()
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(3)
  for (const { error } of lines.filter(({ level }) => level === 'error')) {
    expect(error).toMatch(/^PostgresError: cannot read "\.\.\."\n\s+at /)
  }
  expect(lines.length).toBeGreaterThan(40)
})

test('of requests that succeed only a sample is logged, and each that fails', async () => {
  const { origin, end } = await start({ ...production, ATELIER_LOG_SAMPLE: '0' })
  for (const path of ['/products/1', '/products/999', '/livez']) await fetch(origin + path)
  expect((await end()).lines.map(({ status }) => status)).toEqual([404])
})

test('in development requests are logged if that is asked for, and in a form for people', async () => {
  const { origin, end } = await start({ ATELIER_LOG_SAMPLE: '1', NODE_ENV: '' })
  await fetch(`${origin}/products/1`)
  const { text, lines } = await end()
  expect(lines).toEqual([])
  expect(text).toMatch(/INFO.*\n\s+id: "[\da-f-]{36}"\n\s+operation: "getProduct"\n\s+status: 200/)
})

test.each([
  [{}, { sample: undefined, isPretty: true }],
  [{ NODE_ENV: 'production' }, { sample: 1, isPretty: false }],
  [
    { NODE_ENV: 'production', ATELIER_LOG_SAMPLE: '0.01' },
    { sample: 0.01, isPretty: false },
  ],
  [{ ATELIER_LOG_SAMPLE: '0' }, { sample: 0, isPretty: true }],
])('the environment %j logs %j', (env, options) => expect(readLogOptions(env)).toEqual(options))

test.each(['2', '-1', 'all', '1e-3', '.5'])('ATELIER_LOG_SAMPLE=%s is refused', (text) => {
  expect(() => readLogOptions({ ATELIER_LOG_SAMPLE: text })).toThrow(
    `ATELIER_LOG_SAMPLE is ${text}: set it to a share of requests from 0 to 1, such as 0.01.`,
  )
})
