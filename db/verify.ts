import type { Sql } from './connect.ts'

/** The products whose kept totals are not what a recount of their reviews gives, by id. */
export const findWrongTotals = async (sql: Sql): Promise<number[]> => {
  const rows = await sql<{ product_id: number }[]>`
    (select product_id from (table review_totals except table recounted_reviews) kept)
    union
    (select product_id from (table recounted_reviews except table review_totals) recounted)
    union
    (
      select product_id from characteristics join recounted_characteristics recounted using (characteristic_id)
      where (characteristics.votes, characteristics.total) is distinct from (recounted.votes, recounted.total)
    )
    order by product_id`
  return rows.map(({ product_id }) => product_id)
}
