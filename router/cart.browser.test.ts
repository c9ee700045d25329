import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../db/test/database.ts'
import { serveNode } from './runtimes/node.ts'
import { startBrowser } from './test/browser.ts'

/** A page of another site that sends a form as soon as it is opened. The text of the form is JSON, but for its type. */
const serveForeignPage = async (shop: string): Promise<string> => {
  const form = `<form method="post" enctype="text/plain" action="${shop}/cart">
    <input name='{"sku_id": 2, "count": 100, "rest": "' value='"}'></form><script>document.forms[0].submit()</script>`
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(form))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

test('a form on another site can neither fill nor replace the cart of who visits it', async (context) => {
  const browser = await startBrowser(context)
  const { url, sql, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  const { port, stop } = await serveNode({ url, host: '127.0.0.1', port: 0 })
  onTestFinished(() => stop({ drainMs: 0 }))
  const shop = `http://127.0.0.1:${port}`
  const foreign = await serveForeignPage(shop)

  const page = await browser.newPage()
  await page.goto(`${shop}/docs`)
  const cart = () => page.evaluate<unknown>("fetch('/cart').then((response) => response.json())")
  await page.evaluate(`fetch('/cart', { method: 'POST', body: '{"sku_id": 1}' })`)
  const cookies = await page.context().cookies()
  expect(cookies).toMatchObject([{ name: 's_id', httpOnly: true, sameSite: 'Lax', secure: false }])
  expect(await cart()).toEqual([{ sku_id: 1, count: '1' }])

  const answered = page.waitForResponse(`${shop}/cart`)
  await page.goto(foreign)
  const answer = await answered
  expect([answer.status(), answer.request().method()]).toEqual([403, 'POST'])
  await page.waitForURL(`${shop}/cart`)
  expect(await page.locator('body').innerText()).toMatch(/^Error: a form of another site/)

  expect(await page.context().cookies()).toEqual(cookies)
  await page.goto(`${shop}/docs`)
  expect(await cart()).toEqual([{ sku_id: 1, count: '1' }])
  expect(await sql`select from cart_items where count = 100`).toHaveLength(0)
})
