import { expect, test, vi } from 'vitest'
import { logIncident } from './incident.ts'

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
