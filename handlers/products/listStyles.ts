import { z } from 'zod'
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
  select keys.n, row_to_json(product) as answer
  from keys cross join lateral (
    select keys.product_id::text as product_id, (
      select coalesce(json_agg(style), '[]') from (
        select
          style_id, name, original_price::text as original_price, sale_price::text as sale_price,
          default_style as "default?", (
            select coalesce(json_agg(photo), '[{"thumbnail_url":null,"url":null}]') from (
              select thumbnail_url, url from photos
              where photos.product_id = keys.product_id and photos.style_id = styles.style_id
              order by position, photo_id
            ) photo
          ) as photos, (
            select coalesce(json_object_agg(sku_id, sku), '{"null":{"quantity":null,"size":null}}') from (
              select sku_id, json_build_object('quantity', quantity, 'size', size) as sku from skus
              where skus.product_id = keys.product_id and skus.style_id = styles.style_id
              order by position, sku_id
            ) skus
          ) as skus
        from styles where product_id = keys.product_id order by style_id
      ) style
    ) as results
  ) product`

export const listStyles = endpoint({
  method: 'get',
  path: '/products/:product_id/styles',
  summary: 'The styles of a product, with photos and stock',
  status: 200,
  input: z.object({ product_id: id }),
  output: StyleList,
  failures: [unknownProduct],
  example: { product_id: 1 },
  handle: (db, key) => db.get(stylesOf, key),
})
