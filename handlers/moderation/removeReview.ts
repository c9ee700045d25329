import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { unknownReview } from '../failure.ts'
import { id, NoContent } from '../fields.ts'
import { done } from '../mutation.ts'

// Reviews are locked before totals, each in the order of their ids. A rating also leaves the totals where its
// characteristic belongs to another product, as a file may have it.
const remove = command({ review_id: 'int' })<{ product_id: number } | undefined>`
  with locked as (
    select review_id, product_id, rating, recommend from reviews
    where review_id in (select review_id from keys)
    order by review_id
    for update
  ), removed_ratings as (
    delete from characteristic_reviews using locked where characteristic_reviews.review_id = locked.review_id
    returning characteristic_id, value
  ), removed_photos as (
    delete from review_photos using locked where review_photos.review_id = locked.review_id
  ), removed as (
    delete from reviews using locked where reviews.review_id = locked.review_id
  ), noted as (
    insert into removed_rows (name, id) select 'reviews', review_id from locked on conflict do nothing
  ), counted as (
    select
      product_id,
      array[
        -count(*) filter (where rating = 1), -count(*) filter (where rating = 2), -count(*) filter (where rating = 3),
        -count(*) filter (where rating = 4), -count(*) filter (where rating = 5)
      ]::int[] as ratings,
      (count(*) filter (where not recommend))::int as not_recommended,
      (count(*) filter (where recommend))::int as recommended
    from locked
    group by product_id
  ), rated as (
    select characteristic_id, -count(*)::int as votes, -sum(value)::int as total
    from removed_ratings
    group by characteristic_id
  ), affected as (
    select product_id from counted union select product_id from characteristics join rated using (characteristic_id)
  ), described as (
    select
      product_id,
      array_agg(coalesce(rated.votes, 0) order by characteristic_id) as votes,
      array_agg(coalesce(rated.total, 0) order by characteristic_id) as totals
    from affected join characteristics using (product_id) left join rated using (characteristic_id)
    group by product_id
  ), locked_totals as (
    select product_id from review_totals
    where product_id in (select product_id from affected)
    order by product_id
    for update
  ), subtracted as (
    update review_totals kept set
      ratings = plus(kept.ratings, coalesce(counted.ratings, '{0,0,0,0,0}')),
      not_recommended = kept.not_recommended - coalesce(counted.not_recommended, 0),
      recommended = kept.recommended - coalesce(counted.recommended, 0),
      votes = plus(kept.votes, coalesce(described.votes, '{}')),
      totals = plus(kept.totals, coalesce(described.totals, '{}'))
    from locked_totals left join counted using (product_id) left join described using (product_id)
    where kept.product_id = locked_totals.product_id
  )
  select n, json_build_object('product_id', product_id) as answer from keys join locked using (review_id)`

export const removeReview = endpoint({
  method: 'delete',
  path: '/moderation/reviews/:review_id',
  access: 'admin',
  summary: 'Removes a review for good, with its photos and ratings; the meta no longer counts it',
  status: 204,
  input: z.object({ review_id: id }),
  output: NoContent,
  failures: [unknownReview],
  example: { review_id: 4 },
  invalidates: ['product_id'],
  handle: async (db, key) => done(await db.run(remove, key)) ?? unknownReview,
})
