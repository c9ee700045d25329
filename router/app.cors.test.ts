import { expect, test } from 'vitest'
import { useApi } from './test/api.ts'

const api = useApi()

test.each(['/', '/products', '/cart/', '/api/fec2/hr-rfp/reviews/meta', '/reviews/1/helpful', '/nowhere/at/all'])(
  'a preflight for %s is let through, for every method and header that clients use',
  async (path) => {
    const response = await api.request(path, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-encoding,content-type',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-methods')).toMatch(/^(DELETE, )?GET, POST, PUT$/)
    expect(response.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, Idempotency-Key, *')
    expect(response.headers.get('access-control-max-age')).toBe('86400')
  },
)

test('a preflight from a web worker, whose origin is null, is let through, and so is what follows', async () => {
  const headers = { origin: 'null', 'access-control-request-method': 'GET' }
  const preflight = await api.request('/products', { method: 'OPTIONS', headers })
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  const response = await api.request('/products', { headers })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

test('a page of another origin may read what a write added', async () => {
  const exposed = (await api.request('/products')).headers.get('access-control-expose-headers')?.split(', ')
  expect(exposed).toEqual(expect.arrayContaining(['Location', 'X-Resource-Id']))
})

test('failures can be read across origins too', async () => {
  for (const path of ['/nowhere', '/reviews/meta', '/products/999']) {
    expect((await api.request(path)).headers.get('access-control-allow-origin')).toBe('*')
  }
})
