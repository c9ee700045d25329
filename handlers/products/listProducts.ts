import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { campus, count, page, pageRows } from '../fields.ts'
import { Product, productText } from './product.ts'

// Positions are dense, so nothing is skipped: a page at any depth costs the same.
const pageOfProducts = lookup({ after: 'int' }, { take: 'int', campus: 'text' })<Product[]>`
  select key, (
    select '[' || string_agg(${productText} || '}', ',' order by position) || ']'
    from product_documents
    where position > key and position <= key + $take
  ) as answer
  from unnest($keys) as key`

export const listProducts = endpoint({
  method: 'get',
  path: '/products',
  summary: 'Products by id, a page at a time',
  status: 200,
  input: z.object({ page, count, campus }),
  output: z.array(Product),
  failures: [],
  example: { page: 1, count: 2 },
  cache: { by: 'shop' },
  handle: async (db, { campus, page, count }) => {
    const { skip, take } = pageRows({ page, count })
    return (await db.get(pageOfProducts, { after: skip, take, campus })) ?? []
  },
})
