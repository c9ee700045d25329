import { z } from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { id } from '../fields.ts'

// An id that names no product is left out: clients blank a page when one does not resolve.
const relatedOf = lookup({ product_id: 'int' })<number[]>`
  select keys.n, (
    select coalesce(json_agg(related_product_id order by related_id), '[]')
    from related join products on products.product_id = related.related_product_id
    where related.product_id = keys.product_id
  ) as answer
  from keys`

export const listRelatedProducts = endpoint({
  method: 'get',
  path: '/products/:product_id/related',
  summary: 'The ids of related products, as listed: repeated ones and the product itself stay',
  status: 200,
  input: z.object({ product_id: id }),
  output: z.array(z.int()),
  failures: [unknownProduct],
  example: { product_id: 1 },
  handle: (db, key) => db.get(relatedOf, key),
})
