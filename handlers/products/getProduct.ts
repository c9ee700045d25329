import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { campus, id } from '../fields.ts'
import { Product, productText } from './product.ts'

export const ProductDetail = Product.extend({
  features: z.array(z.object({ feature: z.string(), value: z.string().nullable() })),
})
export type ProductDetail = z.infer<typeof ProductDetail>

const productOf = lookup({ product_id: 'int' }, { campus: 'text' })<ProductDetail>`
  select product_id as key, ${productText} || ',"features":' || features || '}' as answer
  from product_documents where product_id = any($keys)`

export const getProduct = endpoint({
  method: 'get',
  path: '/products/:product_id',
  summary: 'A product with its features',
  status: 200,
  input: z.object({ product_id: id, campus }),
  output: ProductDetail,
  failures: [unknownProduct],
  example: { product_id: 1 },
  cache: { by: 'product_id' },
  handle: async (db, key) => (await db.get(productOf, key)) ?? unknownProduct,
})
