import type { Sql } from './client.ts'

/** The ids of products whose totals, documents or photo columns differ from the rows that they are made of. */
export const findInconsistent = async (sql: Sql): Promise<number[]> => {
  const rows = await sql<{ product_id: number }[]>`
    with kept_totals as (
      select product_id, ratings, not_recommended, recommended, ids, names, votes, totals from review_totals
      -- Removed reviews can leave totals of nothing, which are as good as none.
      where ids <> '{}' or not_recommended + recommended > 0
    )
    (select product_id from (table kept_totals except table recounted_totals) surplus)
    union (select product_id from (table recounted_totals except table kept_totals) missing)
    union (select product_id from (table product_documents except table built_product_documents) surplus)
    union (select product_id from (table built_product_documents except table product_documents) missing)
    union (select product_id from (table style_documents except table built_style_documents) surplus)
    union (select product_id from (table built_style_documents except table style_documents) missing)
    union (
      select product_id from reviews left join review_albums album using (review_id)
      where reviews.photos::text <> coalesce(album.photos, '[]')::text
    )
    union (
      select product_id from answers left join answer_albums album using (answer_id)
      where (answers.photos::text, answers.photo_urls::text)
        <> (coalesce(album.photos, '[]')::text, coalesce(album.photo_urls, '[]')::text)
    )
    order by product_id`
  return rows.map(({ product_id }) => product_id)
}
