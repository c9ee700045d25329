import type { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import type { Db } from '../../handlers/database.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { docs } from './docs.ts'
import type { Incident } from '../incident.ts'
import { readAsset } from '../runtimes/assets.ts'

let app: Hono
beforeEach(() => {
  app = createApp(endpoints, {} as Db, { routes: [docs(readAsset)] })
})

test('the page holds no script or style of its own, and may load what this server has alone', async () => {
  const response = await app.request('/docs/')
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  const html = await response.text()
  expect(html).not.toMatch(/<script>|<style|style=|\son\w+=|https?:/)
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
  expect(policy).not.toMatch(/unsafe|\*/)
})

test('what the page names is served, with its type', async () => {
  const html = await (await app.request('/docs')).text()
  const names = Array.from(html.matchAll(/(?:href|src)="(\/docs\/[^"]+)"/g), ([, name]) => name ?? '')
  expect(names).toHaveLength(5)
  for (const name of names) {
    const response = await app.request(name)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^(text\/(css|javascript); charset=UTF-8|image\/svg\+xml)$/)
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600')
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
  }
})

test.each(['package.json', '..%2F..%2Fpackage.json', '__proto__', 'constructor', 'swagger-ui.js.map', ''])(
  'the asset %s is not served',
  async (name) => {
    expect((await app.request(`/docs/assets/${name}`)).status).toBe(404)
  },
)

test('the root leads to the page', async () => {
  const response = await app.request('/')
  expect([response.status, response.headers.get('location')]).toEqual([302, '/docs'])
})

test('without its files, the page leads to the document', async () => {
  const bare = createApp(endpoints, {} as Db)
  for (const path of ['/', '/docs']) {
    const response = await bare.request(path)
    expect([response.status, response.headers.get('location')]).toEqual([302, '/openapi.json'])
  }
  expect((await bare.request('/docs/assets/swagger-ui.css')).status).toBe(404)
})

test('a file that cannot be read is an error, which is logged and not shown', async () => {
  const error = new Error('EMFILE: too many open files')
  const incidents: Incident[] = []
  const failing = createApp(endpoints, {} as Db, {
    routes: [docs(() => Promise.reject(error))],
    log: (incident) => incidents.push(incident),
  })
  const response = await failing.request('/docs')
  expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('EMFILE')])
  expect(incidents).toEqual([{ requestId: response.headers.get('x-request-id'), method: 'GET', path: '/docs', error }])
})
