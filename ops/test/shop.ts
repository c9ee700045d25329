import { afterAll, beforeAll, inject } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { refill } from '../../db/test/database.ts'
import { superuserUrl } from './databases.ts'

/** The number of products in the shop, and the reviews that loads mark as helpful. */
export const products = 2000
export const reviews = Array.from({ length: 500 }, (_, n) => n + 1)

/** The shop in the database of the hosts, and a client of that database. */
export const useShop = (): { readonly sql: Sql } => {
  const sql = client(superuserUrl('database'), { max: 1 })
  beforeAll(async () => {
    const rows = await sql`select from products where product_id = ${products}`
    if (rows.length === 0) await refill(sql, new URL('shop.sql', import.meta.url))
    await fetch(inject('served')?.invalidate ?? '', { method: 'POST' })
  })
  afterAll(() => sql.end({ timeout: 5 }))
  return { sql }
}
