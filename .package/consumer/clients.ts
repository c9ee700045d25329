import createClient from 'openapi-fetch'
import { addReview, getCart, getReviewMeta } from './hey-api/index.js'
import type { paths } from './schema.js'

// Compiled beside the clients that others generate: each line below `@ts-expect-error` is one that must not compile.

const shop = createClient<paths>({ baseUrl: 'http://shop.example' })

// Without the fields that have defaults.
const body = { product_id: 1, rating: 5, body: 'Fine.', recommend: true, name: 'n', email: 'n@mail.example' }

export const withOpenapiFetch = async () => {
  const meta = await shop.GET('/reviews/meta', { params: { query: { product_id: 1 } } })
  if (meta.error !== undefined) return meta.error satisfies string | { code: string; detail: string }
  const added = await shop.POST('/reviews', { body, parseAs: 'text' })
  added.data satisfies string | undefined
  // @ts-expect-error: a field that the body lacks
  await shop.POST('/reviews', { body: { product_id: 1 } })
  // @ts-expect-error: a parameter that is needed
  await shop.GET('/reviews/meta', { params: { query: {} } })
  meta.data.product_id satisfies string
  // @ts-expect-error: a field that the answer lacks
  return meta.data.rating
}

export const withHeyApi = async () => {
  const meta = await getReviewMeta({ query: { product_id: 1 } })
  if (meta.error !== undefined) return meta.error satisfies { code: string; detail: string }
  await addReview({ body })
  const cart = await getCart()
  cart.data?.[0]?.sku_id satisfies number | undefined
  // @ts-expect-error: a parameter that is needed
  await getReviewMeta({ query: {} })
  meta.data.product_id satisfies string
  // @ts-expect-error: a field that the answer lacks
  return meta.data.rating
}
