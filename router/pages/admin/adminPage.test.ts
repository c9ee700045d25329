import { expect, test } from 'vitest'
import type { Db } from '../../../handlers/database.ts'
import { endpoints } from '../../../handlers/index.ts'
import { createApp } from '../../app.ts'
import { docs } from '../docs.ts'
import { addAdminPage } from './index.ts'

const admin = { token: 'admin-token', db: {} as Db, addPage: addAdminPage }
const app = createApp(endpoints, {} as Db, { admin, routes: [docs(async () => undefined)] })

test('the page holds no script or style of its own, and may load what this server has alone', async () => {
  const response = await app.request('/admin/')
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.text()).not.toMatch(/<script>|<style|style=|\son\w+=|https?:/)
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';",
  )
  expect(policy).not.toMatch(/unsafe|\*/)
})

test('what the page names is served, with its type', async () => {
  const html = await (await app.request('/admin')).text()
  const names = Array.from(html.matchAll(/(?:href|src)="(\/[^"]+)"/g), ([, name]) => name ?? '')
  expect(names).toEqual(['/docs/assets/icon.svg', '/admin/assets/page.css', '/admin/assets/page.js'])
  for (const name of names) {
    const response = await app.request(name)
    expect(response.headers.get('content-type')).toMatch(/^(text\/(css|javascript); charset=UTF-8|image\/svg\+xml)$/)
    expect((await response.text()).length).toBeGreaterThan(100)
  }
})

test.each(['page.ts', '__proto__', 'constructor', ''])('the asset %s is not served', async (name) => {
  expect((await app.request(`/admin/assets/${name}`)).status).toBe(404)
})
