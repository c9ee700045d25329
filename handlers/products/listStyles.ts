import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownProduct } from '../failure.ts'
import { id } from '../fields.ts'

const price = z.string().regex(/^\d+\.\d\d$/)

/** A style without photos has one of nulls; one without skus has the sku "null" of nulls: clients test for both. */
export const Style = z.object({
  style_id: z.int(),
  name: z.string(),
  original_price: price,
  sale_price: price.nullable(),
  'default?': z.boolean(),
  photos: z.array(z.object({ thumbnail_url: z.string().nullable(), url: z.string().nullable() })),
  skus: z.record(z.string(), z.object({ quantity: z.int().nullable(), size: z.string().nullable() })),
})
export const StyleList = z.object({ product_id: z.string(), results: z.array(Style) })
export type StyleList = z.infer<typeof StyleList>

const stylesOf = lookup({ product_id: 'int' })<StyleList>`
  select product_id as key, '{"product_id":"' || product_id || '","results":' || styles || '}' as answer
  from style_documents where product_id = any($keys)`

export const listStyles = endpoint({
  method: 'get',
  path: '/products/:product_id/styles',
  summary: 'The styles of a product, with photos and stock',
  status: 200,
  input: z.object({ product_id: id }),
  output: StyleList,
  failures: [unknownProduct],
  example: { product_id: 1 },
  cache: { by: 'product_id' },
  handle: async (db, key) => (await db.get(stylesOf, key)) ?? { product_id: String(key.product_id), results: [] },
})
