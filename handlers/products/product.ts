import { z } from 'zod'

/** What every answer about a product shows of it. Prices are text with two decimals, times ISO 8601 in UTC. */
export const Product = z.object({
  id: z.int(),
  campus: z.string(),
  name: z.string(),
  slogan: z.string(),
  description: z.string(),
  category: z.string(),
  default_price: z.string().regex(/^\d+\.\d\d$/),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type Product = z.infer<typeof Product>

/** The columns of a `Product`, from `product_cards` and `keys`. */
export const productColumns =
  'id, keys.campus, name, slogan, description, category, default_price, created_at, updated_at'
