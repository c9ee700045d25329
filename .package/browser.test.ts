import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { startBrowser } from '../router/test/browser.ts'
import { serve } from './serve.ts'

const { folder } = inject('project')

/** The origin of a page with the package's client, as it is in the package. */
const servePage = async (): Promise<string> => {
  const client = await readFile(join(folder, 'node_modules/atelierx/router/client.js'))
  const server = createServer((request, response) => {
    const isClient = request.url === '/client.js'
    response.setHeader('Content-Type', isClient ? 'text/javascript' : 'text/html')
    response.end(isClient ? client : '<!doctype html><title>A shop</title>')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('the client reads, writes and is refused from a page of another origin', async (context) => {
  const browser = await startBrowser(context)
  const page = await browser.newPage()
  await page.goto(await servePage())
  // As text, or Vitest would make an import of its own of the one in it.
  const answers = await page.evaluate(`(async () => {
    const { createClient } = await import('/client.js')
    const client = createClient('${await serve(folder)}', { token: 'a visitor' })
    const review = { product_id: 3, rating: 5, body: 'Fine.', recommend: true, name: 'n', email: 'n@mail.example' }
    return [
      await client.getRating({ product_id: 1 }),
      await client.addReview(review),
      await client.getRating({ product_id: 3 }),
      await client.addReview({ ...review, rating: 6 }),
      await client.getRating({ product_id: 7 }),
    ]
  })()`)
  expect(answers).toMatchObject([
    { ok: true, status: 200, value: { stars: 3.2 } },
    { ok: true, status: 201, value: 'Created' },
    { ok: true, status: 200, value: { stars: 5 } },
    { ok: false, status: 422, failure: { code: 'invalid_review', faults: [{ field: 'rating' }] } },
    { ok: false, status: 404, failure: { code: 'unknown_product' } },
  ])
})
