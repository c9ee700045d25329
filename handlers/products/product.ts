import * as z from 'zod'

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

/** A product as JSON text, from `product_documents` and `keys`, up to what follows its `updated_at`. */
export const productText = `'{"id":' || product_id || ',"campus":' || to_json(keys.campus) || ',' || card`
