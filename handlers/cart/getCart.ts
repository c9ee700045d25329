import * as z from 'zod'
import { heavyLookup, lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { cart } from '../fields.ts'
import { getPage } from '../page.ts'

/** One entry a sku, in the order they were put in; the count is text. */
export const Cart = z.array(z.object({ sku_id: z.int(), count: z.string().regex(/^\d+$/) }))
export type Cart = z.infer<typeof Cart>

const items = `
  select coalesce(json_agg(item), '[]') from (
    select sku_id, sum(count)::text as count from cart_items
    where cart_items.cart = decode(key, 'hex') and active
    group by sku_id
    order by min(item_id)
  ) item`

// Clients post once a unit, so a cart has as many rows as somebody likes.
const light = lookup({ cart: 'text' })<Cart>`
  select key, case when (
    select count(*) from (
      select from cart_items where cart_items.cart = decode(key, 'hex') and active limit 201
    ) counted
  ) <= 200 then (${items}) end as answer
  from unnest($keys) as key`

const heavy = heavyLookup({ cart: 'text' })<Cart>`select key, (${items}) as answer from unnest($keys) as key`

export const getCart = endpoint({
  method: 'get',
  path: '/cart',
  summary: "What the caller's own cart holds",
  status: 200,
  input: z.object({ cart }),
  output: Cart,
  failures: [],
  example: { cart: 'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e' },
  handle: (db, key) => getPage(db, { light, heavy }, key),
})
