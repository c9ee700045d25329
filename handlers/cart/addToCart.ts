import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidCart, unknownSku } from '../failure.ts'
import { cart, Created, id, integer } from '../fields.ts'
import { created } from '../mutation.ts'

const add = command({ cart: 'text', sku_id: 'int', count: 'int' })<{ created_id: number } | undefined>`
  with item as (
    insert into cart_items (cart, sku_id, count)
    select decode(cart, 'hex'), sku_id, count
    from keys join skus using (sku_id)
    returning item_id as created_id
  )
  select n, row_to_json(item) as answer from keys, item`

export const addToCart = endpoint({
  method: 'post',
  path: '/cart',
  summary: "Puts units of a sku into the caller's own cart",
  status: 201,
  input: z.object({ cart, sku_id: id, count: integer(1, 100).default(1).describe('The number of units') }),
  output: Created,
  failures: [invalidCart, unknownSku],
  example: { cart: 'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e', sku_id: 1 },
  shownAt: '/cart',
  handle: async (db, item) => created(await db.run(add, item)) ?? unknownSku,
})
