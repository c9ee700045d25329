import type { Table } from './table.ts'
import { cartItems, features, photos, products, related, skus, styles } from './tables/products.ts'
import { answerPhotos, answers, questions } from './tables/questions.ts'
import { characteristicReviews, characteristics, reviewPhotos, reviews } from './tables/reviews.ts'

/** All tables that are imported, parents before their children. */
export const tables: readonly Table[] = [
  products,
  features,
  styles,
  photos,
  skus,
  related,
  cartItems,
  reviews,
  reviewPhotos,
  characteristics,
  characteristicReviews,
  questions,
  answers,
  answerPhotos,
]
