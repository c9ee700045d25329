import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import { useFixture } from '../db/test/database.ts'
import { endpoints } from '../handlers/index.ts'
import { createApp } from './app.ts'

// Headers that browsers and proxies set, and `fetch` cannot: these tests call the app itself.
const fixture = useFixture()
let app: Hono
beforeEach(() => {
  app = createApp(endpoints, fixture.db)
})

type Headers = Readonly<Record<string, string>>
const add = async (headers: Headers, path = '/cart', body = '{"sku_id":1}') =>
  app.request(path, { method: 'POST', headers, body })
const cart = async (headers: Headers) => (await app.request('/cart', { headers })).json()
const cookieOf = (response: Response) => response.headers.get('set-cookie') ?? ''

test('the cookie is for TLS alone where the client speaks TLS, to a proxy too, and only there', async () => {
  const secure = /; HttpOnly; SameSite=Lax; Secure$/
  expect(cookieOf(await add({ 'x-forwarded-proto': 'https' }))).toMatch(secure)
  expect(cookieOf(await add({}, 'https://shop.example/cart'))).toMatch(secure)
  for (const proto of ['http', '', 'https2']) {
    expect(cookieOf(await add({ 'x-forwarded-proto': proto }))).toMatch(/; HttpOnly; SameSite=Lax$/)
  }
})

const crossSite = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'content-type': 'text/plain' }

test.each(['/cart', '/cart/', '/api/cart', '/api/fec2/hr-rfp/cart'])(
  'a form on another site puts nothing into a cart at %s, and gets no cookie',
  async (path) => {
    for (const more of [{}, { cookie: 's_id=mine' }, { authorization: 'second' }]) {
      const response = await add({ ...crossSite, ...more }, path, '{"sku_id":1,"x":"="}')
      expect([response.status, cookieOf(response), response.headers.get('cache-control')]).toEqual([
        403,
        '',
        'no-store',
      ])
      expect(response.headers.get('content-type')).toBe('text/plain; charset=UTF-8')
      expect(await response.text()).toBe(
        'Error: a form of another site cannot fill a cart, send the request from a script with a token',
      )
    }
    expect(await cart({ cookie: 's_id=mine' })).toEqual([])
    expect(await cart({ authorization: 'second' })).toEqual([{ sku_id: 2, count: '1' }])
    expect(await fixture.sql`select from cart_items where item_id >= 1000`).toHaveLength(0)
  },
)

test('it is told so as problem details, if it asks for them', async () => {
  const response = await add({ ...crossSite, accept: 'application/problem+json' })
  expect(await response.json()).toMatchObject({ status: 403, title: 'Forbidden', code: 'cross_site_form' })
})

test.each([
  ['same-origin', 'navigate'],
  ['same-site', 'navigate'],
  ['none', 'navigate'],
  ['cross-site', 'cors'],
  ['cross-site', 'no-cors'],
])('a request of %s in the mode %s is taken', async (site, mode) => {
  expect((await add({ 'sec-fetch-site': site, 'sec-fetch-mode': mode, authorization: 'third' })).status).toBe(201)
})

test('a link on another site shows the cart', async () => {
  expect((await app.request('/cart', { headers: { ...crossSite, cookie: 's_id=mine' } })).status).toBe(200)
})

test('a form on another site may send what belongs to no caller', async () => {
  const body = JSON.stringify({ element: 'a', widget: 'b', time: 'c' })
  expect((await add(crossSite, '/interactions', body)).status).toBe(201)
})
