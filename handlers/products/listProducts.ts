import * as z from 'zod'
import { lookup } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { campus, count, page, pageRows } from '../fields.ts'
import { Product, productText } from './product.ts'

// Positions are dense, so nothing is skipped: a page at any depth costs the same.
const pageOfProducts = lookup({ campus: 'text', after: 'int', take: 'int' })<Product[]>`
  select keys.n, (
    select '[' || coalesce(string_agg(${productText} || '}', ',' order by position), '') || ']'
    from product_documents
    where position > keys.after and position <= keys.after + keys.take
  ) as answer
  from keys`

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
  handle: (db, { campus, page, count }) => {
    const { skip, take } = pageRows({ page, count })
    return db.get(pageOfProducts, { campus, after: skip, take })
  },
})
