import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { id } from '../fields.ts'

// The document leaves out ids that name no product: clients blank a page when one does not resolve.
const relatedOf = lookup({ product_id: 'int' })<number[]>`
  select product_id as key, related as answer from product_documents where product_id = any($keys)`

export const listRelatedProducts = endpoint({
  method: 'get',
  path: '/products/:product_id/related',
  summary: 'The ids of related products, as listed: repeated ones and the product itself stay',
  status: 200,
  input: z.object({ product_id: id }),
  output: z.array(z.int()),
  failures: [unknownProduct],
  example: { product_id: 1 },
  cache: { by: 'product_id' },
  handle: async (db, key) => (await db.get(relatedOf, key)) ?? [],
})
