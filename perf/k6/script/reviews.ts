import { get, type Operation, post, put } from './ask.ts'
import { any, below } from './ids.ts'
import { digits, list, midnight, number, object, only, orNull, record, text, truth } from './shapes.ts'

const review = object({
  review_id: number,
  rating: number,
  summary: text,
  recommend: truth,
  response: orNull(text),
  body: text,
  date: midnight,
  reviewer_name: text,
  helpfulness: number,
  photos: list(object({ id: number, url: text })),
})
const reviews = object({ product: text, page: only(0), count: only(5), results: list(review, 5) })
const sorts = ['newest', 'helpful', 'relevant']

export const listReviews: Operation = () => {
  const id = any('products')
  return get(`/reviews?product_id=${id}&sort=${sorts[below(3)]}`, reviews, { product: String(id) })
}

const counts = record(digits)
const characteristics = record(object({ id: number, value: orNull(text) }))
const meta = object({ product_id: text, ratings: counts, recommended: counts, characteristics })

export const getReviewMeta: Operation = () => {
  const id = any('products')
  return get(`/reviews/meta?product_id=${id}`, meta, { product_id: String(id) })
}

export const addReview: Operation = () =>
  post('/reviews', {
    product_id: any('products'),
    rating: 1 + below(5),
    summary: 'Worn for a season',
    body: 'It kept its shape through rain, two washes and a long walk home.',
    recommend: Math.random() < 0.8,
    name: 'pier_walker',
    email: 'walker@mail.example',
    photos: ['https://photos.example/pier.jpg'],
    characteristics: {},
  })

export const markReviewHelpful: Operation = () => put(`/reviews/${any('reviews')}/helpful`)

export const reportReview: Operation = () => put(`/reviews/${any('reviews')}/report`)
