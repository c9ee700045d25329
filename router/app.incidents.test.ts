import { expect, test } from 'vitest'
import { Unavailable } from '../handlers/database.ts'
import { endpoint } from '../handlers/endpoint.ts'
import { getReviewMeta } from '../handlers/reviews/getReviewMeta.ts'
import { createApp } from './app.ts'
import type { Incident } from './incident.ts'
import { useApi } from './test/api.ts'

const api = useApi()

test.each([new Error('secret'), 'a secret that is no error'])(
  'what is thrown is a 500 without detail, logged with the id of the request',
  async (thrown) => {
    const incidents: Incident[] = []
    const broken = endpoint({ ...getReviewMeta, handle: () => Promise.reject(thrown as Error) })
    const failing = createApp({ broken }, api.db, { log: (incident) => incidents.push(incident) })
    const response = await failing.request('/reviews/meta?product_id=1')
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('An error occurred. If this error persists, contact your instruction team.')
    const requestId = response.headers.get('x-request-id')
    expect(incidents).toEqual([{ requestId, method: 'GET', path: '/reviews/meta', error: thrown }])
  },
)

test('a database that is busy or away is a 503 that says when to come back, and only what broke is logged', async () => {
  const incidents: Incident[] = []
  const away = new Unavailable('The database does not answer.', { cause: new Error('connect ECONNREFUSED') })
  for (const error of [new Unavailable('The database is busy.'), away]) {
    const broken = endpoint({ ...getReviewMeta, handle: () => Promise.reject(error) })
    const failing = createApp({ broken }, api.db, { log: (incident) => incidents.push(incident) })
    const response = await failing.request('/reviews/meta?product_id=1')
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await response.text()).toBe('Error: not available now, try again in a moment')
    // A cache has to know which of the two wrote nothing.
    expect(response.headers.get('cache-group-invalidation')).toBe(error === away ? null : '')
  }
  expect(incidents.map(({ error }) => error)).toEqual([away])
})
