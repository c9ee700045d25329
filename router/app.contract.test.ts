import { expect, inject, test } from 'vitest'
import { type Endpoint, isForAdmin, withoutAdmin } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { buildRequest } from './test/buildRequest.ts'
import { adminToken, useApi } from './test/api.ts'

const api = useApi()

// Behind a balancer, nobody reaches the endpoints for the admin.
const served = inject('served') ? withoutAdmin(endpoints) : endpoints

test.each(Object.entries<Endpoint>(served))(
  '%s answers its example as its schema says, keys in order',
  async (_, endpoint) => {
    const { path, ...init } = buildRequest(endpoint)
    const authorization = isForAdmin(endpoint) ? `Bearer ${adminToken}` : 'first'
    const response = await api.request(path, { ...init, headers: { authorization } })
    expect(response.status).toBe(endpoint.status)
    const text = await response.text()
    const answer: unknown = endpoint.status === 200 ? JSON.parse(text) : endpoint.status === 201 ? text : undefined
    // Zod rebuilds what it parses in the order of the schema and drops what the schema lacks.
    expect(JSON.stringify(endpoint.output.parse(answer))).toBe(JSON.stringify(answer))
    if (endpoint.status === 204) expect(text).toBe('')
  },
)

test.each([
  ['addReview', 'reviews', 'review_id', '/reviews?product_id=1&sort=newest'],
  ['addQuestion', 'questions', 'question_id', '/qa/questions?product_id=1'],
  ['addAnswer', 'answers', 'answer_id', '/qa/questions/1/answers'],
  ['addToCart', 'cart_items', 'item_id', '/cart'],
  ['recordInteraction', 'interactions', 'interaction_id', undefined],
] as const)('%s names the id of what it added, and the list that shows it', async (name, table, column, list) => {
  const { path, ...init } = buildRequest(endpoints[name])
  for (const base of ['', '/api', '/api/fec2/hr-lax']) {
    const response = await api.request(`${base + path}/`, { ...init, headers: { authorization: 'first' } })
    expect([response.status, await response.text()]).toEqual([201, 'Created'])
    const [last] = await api.sql.unsafe(`select max(${column}) as id from ${table}`)
    expect(response.headers.get('x-resource-id')).toBe(String(last?.id))
    expect(response.headers.get('location')).toBe(list === undefined ? null : base + list)
    if (list === undefined) continue
    const whole = `${base + list}${list.includes('?') ? '&' : '?'}count=100`
    const shown = await api.request(whole, { headers: { authorization: 'first' } })
    expect(shown.status).toBe(200)
    if (name !== 'addToCart') expect(await shown.text()).toMatch(new RegExp(`\\b${last?.id}\\b`))
  }
})
