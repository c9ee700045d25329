import * as z from 'zod'

/** The fields of a product in every answer. Prices are text with two decimals, times ISO 8601 in UTC. */
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

/** SQL of a product's JSON text from `product_documents` and `$campus`, without the closing brace. */
export const productText = `'{"id":' || product_id || ',"campus":' || to_json($campus) || ',' || card`
