import { afterAll, beforeAll, inject } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { refill } from '../../db/test/database.ts'
import { urlOf } from './databases.ts'

/** How many products the shop has, and the reviews that loads find helpful. */
export const products = 2000
export const reviews = Array.from({ length: 500 }, (_, n) => n + 1)

/** The shop that loads ask about, in the database of the hosts, and a client of that database. */
export const useShop = (): { readonly sql: Sql } => {
  const sql = client(urlOf('database'), { max: 1 })
  beforeAll(async () => {
    const rows = await sql`select from products where product_id = ${products}`
    if (rows.length === 0) await refill(sql, new URL('shop.sql', import.meta.url))
    await fetch(inject('served')?.invalidate ?? '', { method: 'POST' })
  })
  afterAll(() => sql.end({ timeout: 5 }))
  return { sql }
}
