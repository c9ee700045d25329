import { expect, test } from 'vitest'
import { useApi } from './test/api.ts'

const api = useApi()

type Headers = Readonly<Record<string, string>>
const add = (sku_id: number, headers: Headers = {}, more = {}) =>
  api.request('/cart', { method: 'POST', headers, body: JSON.stringify({ sku_id, ...more }) })
const cart = async (headers: Headers = {}, path = '/cart') => (await api.request(path, { headers })).json()
const cookieOf = (response: Response) => response.headers.get('set-cookie') ?? ''

test('a token names a cart, and each token its own', async () => {
  expect(await cart({ authorization: 'second' })).toEqual([{ sku_id: 2, count: '1' }])
  await add(1, { authorization: 'second' })
  await add(1, { authorization: 'second' })
  expect(await cart({ authorization: 'second' })).toEqual([
    { sku_id: 2, count: '1' },
    { sku_id: 1, count: '2' },
  ])
  expect(await cart({ authorization: 'third' })).toEqual([])
  expect(await cart()).toEqual([])
})

test.each(['Bearer second', 'bearer second', 'token second', ' second ', 'Bearer \t  second'])(
  'the token in "%s" names the cart that it names alone',
  async (authorization) => {
    expect(await cart({ authorization })).toEqual([{ sku_id: 2, count: '1' }])
  },
)

test.each([
  'undefined',
  'null',
  '',
  'Bearer undefined',
  'Bearer null',
  'Bearer',
  'token undefined',
  'Bearer  ',
  'false',
  'NaN',
  '[object Object]',
])('strangers who send "%s" as a token share no cart', async (authorization) => {
  const response = await add(1, { authorization })
  expect(response.status).toBe(201)
  expect(cookieOf(response)).toMatch(/^s_id=/)
  expect(await cart({ authorization })).toEqual([])
  expect(cookieOf(await add(1, { authorization }))).not.toBe(cookieOf(response))
})

test('a token may look like a scheme, or like what names none', async () => {
  for (const token of ['abearer third', 'Bearerthird', 'nullable', 'an undefined', 'athird', 'third'])
    await add(1, { authorization: token })
  expect(await cart({ authorization: 'athird' })).toEqual([{ sku_id: 1, count: '1' }])
  expect(await cart({ authorization: 'third' })).toEqual([{ sku_id: 1, count: '1' }])
  expect(await cart({ authorization: 'nullable' })).toEqual([{ sku_id: 1, count: '1' }])
  expect(await cart({ authorization: 'an undefined' })).toEqual([{ sku_id: 1, count: '1' }])
})

test('strangers whose cookie is empty share no cart', async () => {
  expect(cookieOf(await add(1, { cookie: 's_id=' }))).toMatch(/^s_id=[0-9a-f]/)
  expect(await cart({ cookie: 's_id=' })).toEqual([])
})

test('a caller without a token gets a cookie that scripts cannot read, and with it the cart', async () => {
  const response = await add(3)
  expect(cookieOf(response)).toMatch(/^s_id=[0-9a-f-]{36}; Path=\/; HttpOnly; SameSite=Lax$/)
  const cookie = cookieOf(response).split(';')[0] ?? ''
  expect(await cart({ cookie: `theme=dark; ${cookie}` })).toEqual([{ sku_id: 3, count: '1' }])
  expect(await cart({ cookie, authorization: 'undefined' })).toEqual([{ sku_id: 3, count: '1' }])
  expect(await cart({ cookie, authorization: 'third' })).toEqual([])
})

test('who has a token or a cookie is given no other, nor is one who reads or is refused', async () => {
  expect(cookieOf(await add(1, { authorization: 'second' }))).toBe('')
  expect(cookieOf(await add(1, { cookie: 's_id=mine' }))).toBe('')
  expect(cookieOf(await add(999))).toBe('')
  expect(cookieOf(await api.request('/cart'))).toBe('')
})

test('a cart belongs to its caller under every base path', async () => {
  await add(1, { authorization: 'third' })
  for (const path of ['/api/cart', '/api/fec2/hr-rfp/cart/']) {
    expect(await cart({ authorization: 'third' }, path)).toEqual([{ sku_id: 1, count: '1' }])
  }
})

test('a client cannot name a cart by its hash', async () => {
  const second = '16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4'
  const [stored] = await api.sql`select encode(sha256('second'), 'hex') as hash`
  expect(stored?.hash).toBe(second)
  expect(await cart({}, `/cart?cart=${second}`)).toEqual([])
  await add(1, { authorization: 'third' }, { cart: second })
  expect(await cart({ authorization: 'second' })).toEqual([{ sku_id: 2, count: '1' }])
})

test('the token itself is nowhere in the database', async () => {
  await add(1, { authorization: 'Bearer a-secret-token' })
  const rows =
    await api.sql`select row_to_json(cart_items)::text as row, convert_from(cart, 'latin1') as cart from cart_items`
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain('a-secret-token')
})

test('no cache may keep a cart', async () => {
  expect((await api.request('/cart')).headers.get('cache-control')).toBe('no-store')
  expect((await add(1)).headers.get('cache-control')).toBe('no-store')
})
