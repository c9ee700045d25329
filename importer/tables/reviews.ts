import { boolean, counter, id, nullable, reference, text, textOrNull, integer } from '../columns.ts'
import { day } from '../days.ts'
import type { Table } from './table.ts'
import { products } from './products.ts'

export const reviews: Table = {
  name: 'reviews',
  files: ['reviews.csv'],
  columns: {
    id: ['review_id', id],
    product_id: reference,
    rating: integer(1, 5),
    date: day,
    summary: text,
    body: text,
    recommend: boolean,
    reported: boolean,
    reviewer_name: text,
    reviewer_email: nullable(text),
    response: textOrNull,
    helpfulness: counter,
  },
  parents: [products],
  photoColumns: ['photos'],
}

export const reviewPhotos: Table = {
  name: 'review_photos',
  files: ['reviews_photos.csv'],
  columns: { id: ['photo_id', id], review_id: reference, url: text },
  parents: [reviews],
  owner: reviews,
}

export const characteristics: Table = {
  name: 'characteristics',
  files: ['characteristics.csv'],
  columns: { id: ['characteristic_id', id], product_id: reference, name: text },
  parents: [products],
}

export const characteristicReviews: Table = {
  name: 'characteristic_reviews',
  files: ['characteristic_reviews.csv', 'characteristics_reviews.csv'],
  columns: {
    id: ['characteristic_review_id', id],
    characteristic_id: reference,
    review_id: reference,
    value: integer(1, 5),
  },
  parents: [characteristics, reviews],
  owner: reviews,
}
