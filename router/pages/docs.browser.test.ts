import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../db/test/database.ts'
import { serveNode } from '../runtimes/node.ts'
import { startBrowser } from '../test/browser.ts'

test('the page runs under its policy, asks no other server, and tries an operation out', async (context) => {
  const browser = await startBrowser(context)
  const { url, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  const { port, stop } = await serveNode({ url, host: '127.0.0.1', port: 0 })
  onTestFinished(() => stop({ drainMs: 0 }))

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const asked = new Set<string>()
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol !== 'data:') asked.add(origin)
  })

  await page.goto(`http://127.0.0.1:${port}/docs`)
  expect(await page.title()).toBe('Atelier API')
  const operation = page.locator('#operations-reviews-getReviewMeta')
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  const answer = operation.locator('.live-responses-table .response')
  await answer.waitFor()
  expect(await answer.locator('.response-col_status').innerText()).toContain('200')
  expect(await answer.innerText()).toContain('"3.3333333333333333"')

  expect(complaints).toEqual([])
  expect([...asked]).toEqual([`http://127.0.0.1:${port}`])
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true })
})
