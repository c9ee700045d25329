import { expect, test, vi } from 'vitest'
import { describeIncident, logIncident } from './incident.ts'

test('an incident is one line of JSON, with what caused it', () => {
  const write = vi.spyOn(console, 'error').mockImplementation(() => {})
  const error = new Error('no answer', { cause: new Error('connect ECONNREFUSED') })
  logIncident({ requestId: '7', method: 'GET', path: '/products\n', error })
  logIncident({ requestId: '8', method: 'GET', path: '/products', error: 'text' })
  logIncident({ requestId: '9', method: 'GET', path: '/products', error: new Error('alone') })
  const [[first], [second], [third]] = write.mock.calls as [[string], [string], [string]]
  write.mockRestore()
  expect(first).not.toContain('\n')
  expect(JSON.parse(first)).toMatchObject({ level: 'error', requestId: '7', method: 'GET', path: '/products\n' })
  expect(JSON.parse(first).error).toMatch(/^Error: no answer\n[^]*Caused by Error: connect ECONNREFUSED\n/)
  expect(JSON.parse(second)).toMatchObject({ error: 'text' })
  expect(JSON.parse(third).error).not.toContain('Caused by')
})

test.each([
  [Object.assign(new Error('invalid input syntax: "Ann"'), { code: '22P02' }), 'invalid input syntax: "..."'],
  [new SyntaxError('Unexpected token, "Ann" is not JSON'), 'Unexpected token, "..." is not JSON'],
  [new Error('relation "reviews" does not exist'), 'relation "reviews" does not exist'],
  [
    new Error('refused ann.b+c@mail.example, postgres://me:word@db.example'),
    'refused [e-mail], postgres://me:[e-mail]',
  ],
])('what %s quotes of a person is left out, and not where it happened', (error, message) => {
  const described = describeIncident({ requestId: '7', method: 'GET', path: '/a@b.example/x', error })
  expect(described.error).toContain(`Error: ${message}\n    at `)
  expect(described.error).toContain(import.meta.filename)
  expect(described.path).toBe('/[e-mail]/x')
})

test('a folder of a package is no e-mail address', () => {
  const error = 'at /app/node_modules/@hono/node-server/index.js, hono@4.13.19/index.js'
  expect(describeIncident({ requestId: '7', method: 'GET', path: '/', error }).error).toBe(error)
})
