import { z } from 'zod'
import { command } from '../database.ts'
import { endpoint } from '../endpoint.ts'
import { invalidReview, unknownProduct } from '../failure.ts'
import { Created, created, email, id, name, photos, requiredText, text, whole } from '../fields.ts'

const characteristicId = z
  .string()
  .regex(/^[1-9][0-9]{0,9}$/)
  .refine((digits) => Number(digits) <= 2_147_483_647)

// A rating of a characteristic that the product lacks is left out: a client was seen to invent them.
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
})<{ product_id: number; review_id: number } | undefined>`
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
    from review, keys, json_each_text(keys.characteristics) as rated(key, value)
      join characteristics on characteristic_id = key::int
    where characteristics.product_id = review.product_id
    order by characteristic_id
    returning characteristic_id, value
  ), averaged as (
    update characteristics set votes = votes + 1, total = total + value
    from ratings where characteristics.characteristic_id = ratings.characteristic_id
  ), counted as (
    insert into review_totals as totals
    select
      product_id, (rating = 1)::int, (rating = 2)::int, (rating = 3)::int, (rating = 4)::int, (rating = 5)::int,
      (not recommend)::int, recommend::int
    from review
    on conflict (product_id) do update set
      rating_1 = totals.rating_1 + excluded.rating_1,
      rating_2 = totals.rating_2 + excluded.rating_2,
      rating_3 = totals.rating_3 + excluded.rating_3,
      rating_4 = totals.rating_4 + excluded.rating_4,
      rating_5 = totals.rating_5 + excluded.rating_5,
      not_recommended = totals.not_recommended + excluded.not_recommended,
      recommended = totals.recommended + excluded.recommended
  )
  select n, json_build_object('product_id', review.product_id, 'review_id', review_id) as answer from keys, review`

export const addReview = endpoint({
  method: 'post',
  path: '/reviews',
  summary: 'Adds a review, dated today; lists and meta show it at once',
  status: 201,
  input: z.object({
    product_id: id,
    rating: whole(1, 5),
    summary: text(1000).default(''),
    body: requiredText('body', 10_000),
    recommend: z.boolean({ error: 'must be true or false' }),
    name,
    email,
    photos,
    characteristics: z.record(characteristicId, whole(1, 5)).default({}),
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
  handle: async (db, review) => ((await db.run(add, review)) ? created : unknownProduct),
})
