import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { categories } from '../../importer/generate/words/catalog.ts'
import { pictureName } from '../../importer/generate/words/addresses.ts'
import type { Db } from '../../handlers/database.ts'
import { createApp } from '../app.ts'
import { addPictures } from './pictures.ts'

const app = new Hono()
addPictures(app)
const get = async (path: string) => app.request(path)

test.each(categories.map((category) => [pictureName(category)]))(
  '%s are drawn, alike for the same number',
  async (name) => {
    const response = await get(`/pictures/${name}/1234567.svg?w=300`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await response.text()
    expect(text).toMatch(/^<svg [^>]*width="300" height="375">/)
    expect(await (await get(`/pictures/${name}/1234567.svg?w=300`)).text()).toBe(text)
    expect(await (await get(`/pictures/${name}/1234568.svg?w=300`)).text()).not.toBe(text)
  },
)

test.each(['/pictures/hats/1.svg', '/pictures/boots/one.svg', '/pictures/boots/1.png', '/pictures/constructor/1.svg'])(
  '%s is nothing that is drawn',
  async (path) => {
    expect((await get(path)).status).toBe(404)
  },
)

test('a width that is none is left to the picture', async () => {
  expect(await (await get('/pictures/boots/1.svg?w="><script>')).text()).toMatch(/^<svg [^>]*width="600"/)
})

test('an API shows pictures where it is told to', async () => {
  const path = '/pictures/boots/1.svg'
  expect((await createApp({}, {} as Db, { routes: [addPictures] }).request(path)).status).toBe(200)
  expect((await createApp({}, {} as Db).request(path)).status).toBe(404)
})
