import type { Table } from './table.ts'
import { cartItems, features, photos, products, related, skus, styles } from './products.ts'
import { answerPhotos, answers, questions } from './questions.ts'
import { characteristicReviews, characteristics, reviewPhotos, reviews } from './reviews.ts'

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

/** A table whose rows are computed from others by a view. */
export type DerivedTable = { readonly name: string; readonly view: string; readonly of: readonly Table[] }

export const derivedTables: readonly DerivedTable[] = [
  { name: 'product_documents', view: 'built_product_documents', of: [products, features, related] },
  { name: 'style_documents', view: 'built_style_documents', of: [styles, photos, skus] },
  { name: 'review_totals', view: 'recounted_totals', of: [reviews, characteristics, characteristicReviews] },
]

/** A table whose rows contain the photos of a child, computed by a view that has the table's id. */
export type PhotoColumns = { readonly of: Table; readonly shows: Table; readonly view: string }

export const photoColumns: readonly PhotoColumns[] = [
  { of: reviews, shows: reviewPhotos, view: 'review_albums' },
  { of: answers, shows: answerPhotos, view: 'answer_albums' },
]

/** The tables with rows that refer to a table. */
export const childrenOf = (table: Table): Table[] => tables.filter(({ parents }) => parents.includes(table))

export const tableOf = (name: string): Table => tables.find((table) => table.name === name) as Table
