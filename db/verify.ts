import type { Sql } from './connect.ts'

/** The products whose kept totals or documents are not what their rows give, by id. */
export const findWrong = async (sql: Sql): Promise<number[]> => {
  const rows = await sql<{ product_id: number }[]>`
    with kept_totals as (
      select product_id, ratings, not_recommended, recommended, ids, names, votes, totals from review_totals
    )
    (select product_id from (table kept_totals except table recounted_totals) surplus)
    union (select product_id from (table recounted_totals except table kept_totals) missing)
    union (select product_id from (table product_documents except table built_product_documents) surplus)
    union (select product_id from (table built_product_documents except table product_documents) missing)
    union (select product_id from (table style_documents except table built_style_documents) surplus)
    union (select product_id from (table built_style_documents except table style_documents) missing)
    order by product_id`
  return rows.map(({ product_id }) => product_id)
}
