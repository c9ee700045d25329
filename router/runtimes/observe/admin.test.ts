import { expect, onTestFinished, test } from 'vitest'
import { formatAdminAddress, readAdminAddress, serveAdmin } from './admin.ts'

test.each([
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['10.0.0.1:9464', { host: '10.0.0.1', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['localhost:1', { host: 'localhost', port: 1 }],
])('ATELIER_ADMIN_PORT=%s is an address', (text, address) => {
  expect(readAdminAddress({ ATELIER_ADMIN_PORT: text })).toEqual(address)
  expect(readAdminAddress({ ATELIER_ADMIN_PORT: formatAdminAddress(address) })).toEqual(address)
})

test.each(['http', '65536', ':9464', '::1:9464', 'http://127.0.0.1:9464'])(
  'ATELIER_ADMIN_PORT=%s is refused',
  (text) => {
    expect(() => readAdminAddress({ ATELIER_ADMIN_PORT: text })).toThrow(`ATELIER_ADMIN_PORT is ${text}: set it to`)
  },
)

test('without ATELIER_ADMIN_PORT there is no admin server', () => {
  expect(readAdminAddress({})).toBeUndefined()
  expect(readAdminAddress({ ATELIER_ADMIN_PORT: '' })).toBeUndefined()
})

test('metrics that cannot be read and a server that is not ready are a 503', async () => {
  const source = { metrics: () => Promise.reject(new Error('no answer')), ready: async () => false }
  const { port, stop } = await serveAdmin({ host: '127.0.0.1', port: 0 }, source)
  onTestFinished(stop)
  const answers = await Promise.all(
    ['metrics', 'readyz', 'livez'].map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).status),
  )
  expect(answers).toEqual([503, 503, 200])
  await expect(serveAdmin({ host: '127.0.0.1', port }, source)).rejects.toThrow(
    `ATELIER_ADMIN_PORT is 127.0.0.1:${port} (EADDRINUSE): set it to a free port.`,
  )
})
