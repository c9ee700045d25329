import { endpoints, Failure, run, type Db } from 'atelierx'
import { createClient } from 'atelierx/client'
import { getReviewMeta } from 'atelierx/handlers/reviews/getReviewMeta'
import { createApp, type AppOf } from 'atelierx/router'
import { hc } from 'hono/client'
import type { api } from './api.ts'

// Compiled in a project of its own: each line below `@ts-expect-error` is one that the compiler must refuse.

const client = createClient<typeof api>('http://shop.example')

export const read = async (db: Db) => {
  // @ts-expect-error: a field that the input lacks
  await run(getReviewMeta, db, { prodct_id: 1 })
  const styles = await run(endpoints.listStyles, db, { product_id: 1 })
  if (styles instanceof Failure) {
    const { code } = styles
    switch (code) {
      case 'unknown_product':
        return styles.status satisfies 404
      default:
        return code satisfies never
    }
  }
  // @ts-expect-error: a failure that is not handled
  ;(await run(endpoints.listStyles, db, { product_id: 1 })).results
  return styles.results satisfies { style_id: number }[]
}

export const ask = async () => {
  // @ts-expect-error: a field that the input lacks
  await client.getReviewMeta({ prodct_id: 1 })
  // @ts-expect-error: an operation that this API does not have
  await client.getCart()
  const rating = await client.getRating({ product_id: 1 })
  // @ts-expect-error: a failure that is not handled
  void rating.value
  if (!rating.ok) {
    rating.failure satisfies { code: string; status: number; text: string }
    // @ts-expect-error: a failure that this operation does not have
    return rating.failure.code === 'unknown_sku'
  }
  rating.value.stars satisfies number
  // @ts-expect-error: a field that the output lacks
  return rating.value.stras
}

export const asHono = async (db: Db) => {
  const app = createApp(endpoints, db)
  const meta = await hc<AppOf<typeof api>>('').reviews.meta.$get({ query: { product_id: '1' } })
  return [app.fetch, (await meta.json()).characteristics]
}
