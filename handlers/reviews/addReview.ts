import * as z from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidReview, unknownProduct } from '../failure.ts'
import { Created, email, flag, id, name, photos, requiredText, text, integer } from '../fields.ts'
import { created } from '../mutation.ts'

const characteristicRatings = z.record(z.string().regex(/^[0-9]+$/), integer(1, 5), {
  error: ({ code }) => (code === 'invalid_key' ? 'is no characteristic id' : undefined),
})

// A rating of a characteristic that the product lacks is left out: a client was seen to invent them. The ids are
// compared as texts, since an invented one need not be an int.
const add = command({
  product_id: 'int',
  rating: 'int',
  summary: 'text',
  body: 'text',
  recommend: 'boolean',
  name: 'text',
  email: 'text',
  photos: 'json',
  characteristics: 'json',
})<{ product_id: number; created_id: number } | undefined>`
  with review as (
    insert into reviews (product_id, rating, summary, body, recommend, reviewer_name, reviewer_email)
    select product_id, rating, summary, body, recommend, keys.name, email
    from keys join products using (product_id)
    returning product_id, review_id, rating, recommend
  ), pictures as (
    insert into review_photos (review_id, product_id, url)
    select review_id, review.product_id, url
    from review, keys, json_array_elements_text(keys.photos) with ordinality as photo(url, position)
    order by position
  ), ratings as (
    insert into characteristic_reviews (characteristic_id, review_id, product_id, value)
    select characteristic_id, review_id, review.product_id, value::int
    from keys, json_each_text(keys.characteristics) as rated(key, value), review join characteristics using (product_id)
    where characteristic_id::text = key
    order by characteristic_id
    returning characteristic_id, value
  ), described as (
    select characteristic_id, characteristics.name, (value is not null)::int as votes, coalesce(value, 0) as total
    from review join characteristics using (product_id) left join ratings using (characteristic_id)
    order by characteristic_id
  ), counted as (
    insert into review_totals as kept (product_id, ratings, not_recommended, recommended, ids, names, votes, totals)
    select
      product_id,
      array[rating = 1, rating = 2, rating = 3, rating = 4, rating = 5]::int[],
      (not recommend)::int,
      recommend::int,
      array(select characteristic_id from described),
      array(select name from described),
      array(select votes from described),
      array(select total from described)
    from review
    on conflict (product_id) do update set
      ratings = plus(kept.ratings, excluded.ratings),
      not_recommended = kept.not_recommended + excluded.not_recommended,
      recommended = kept.recommended + excluded.recommended,
      votes = plus(kept.votes, excluded.votes),
      totals = plus(kept.totals, excluded.totals)
  )
  select n, json_build_object('product_id', review.product_id, 'created_id', review_id) as answer from keys, review`

export const addReview = endpoint({
  method: 'post',
  path: '/reviews',
  summary: 'Adds a review, dated today; lists and meta show it at once',
  status: 201,
  input: z.object({
    product_id: id,
    rating: integer(1, 5).describe('Stars'),
    summary: text(1000).default('').describe('The headline'),
    body: requiredText('body', 10_000).describe('The review'),
    recommend: flag.describe('True if the author recommends the product'),
    name,
    email,
    photos,
    characteristics: characteristicRatings
      .default({})
      .describe('The rating of each characteristic, by its id; one that the product lacks is left out'),
  }),
  output: Created,
  failures: [invalidReview, unknownProduct],
  example: {
    product_id: 1,
    rating: 4,
    summary: 'Warm and light',
    body: 'Kept me warm on a windy pier, and folds into a pocket.',
    recommend: true,
    name: 'pier_walker',
    email: 'walker@mail.example',
    photos: ['https://photos.example/pier.jpg'],
    characteristics: { '1': 4 },
  },
  invalidates: ['product_id'],
  shownAt: '/reviews?product_id=:product_id&sort=newest',
  handle: async (db, review) => created(await db.run(add, review)) ?? unknownProduct,
})
