import { hc } from 'hono/client'
import { expect, test } from 'vitest'
import type { endpoints } from '../handlers/index.ts'
import type { AppOf } from './hc.ts'
import { useApi } from './test/api.ts'

const api = useApi()
const fetch = (async (url: string, init: RequestInit) => api.request(url.slice('http://shop'.length), init)) as never
const client = hc<AppOf<typeof endpoints>>('http://shop', { fetch })

test("Hono's own client calls the API, with its types", async () => {
  const meta = await client.reviews.meta.$get({ query: { product_id: '1' } })
  expect((await meta.json()).characteristics).toHaveProperty('Fit')
  const styles = await client.products[':product_id'].styles.$get({ param: { product_id: '1' }, query: {} })
  expect((await styles.json()).results).toHaveLength(2)
  const asked = await client.qa.questions.$get({ query: { product_id: '1', count: '1' } })
  expect(await asked.json()).toMatchObject({ results: [{ question_id: 2 }] })
  const added = await client.cart.$post({ json: { sku_id: 1 } })
  expect([added.status, await added.text()]).toEqual([201, 'Created'])
  // @ts-expect-error: a parameter that is needed
  await client.reviews.meta.$get({ query: {} })
})
