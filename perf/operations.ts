import type { Requests } from './bench/load.ts'

/** What the bench asks: an operation of the API by its id, and how to ask it for one thing of those that there are. */
export type Operation = {
  readonly operation: string
  readonly path: string
  readonly method: string
  readonly body?: string
  readonly of: 'products' | 'questions' | 'reviews' | 'answers' | 'skus' | 'pages'
}

const get = (operation: string, path: string, of: Operation['of']): Operation => ({
  operation,
  path,
  method: 'GET',
  of,
})
const put = (operation: string, path: string, of: Operation['of']): Operation => ({
  operation,
  path,
  method: 'PUT',
  of,
})
const post = (operation: string, path: string, of: Operation['of'], body: object): Operation => ({
  operation,
  path,
  method: 'POST',
  of,
  body: JSON.stringify(body),
})

/** Every GET and the main writes. `:n` is a random one of those that there are. */
export const operations: readonly Operation[] = [
  get('getReviewMeta', '/reviews/meta?product_id=:n', 'products'),
  get('getProduct', '/products/:n', 'products'),
  get('listStyles', '/products/:n/styles', 'products'),
  get('listRelatedProducts', '/products/:n/related', 'products'),
  get('listProducts', '/products?page=:n', 'pages'),
  get('listReviews newest', '/reviews?product_id=:n&sort=newest', 'products'),
  get('listReviews helpful', '/reviews?product_id=:n&sort=helpful', 'products'),
  get('listReviews relevant', '/reviews?product_id=:n&sort=relevant', 'products'),
  get('listQuestions', '/qa/questions?product_id=:n', 'products'),
  get('listAnswers', '/qa/questions/:n/answers', 'questions'),
  get('getCart', '/cart', 'skus'),
  put('markReviewHelpful', '/reviews/:n/helpful', 'reviews'),
  put('markQuestionHelpful', '/qa/questions/:n/helpful', 'questions'),
  put('markAnswerHelpful', '/qa/answers/:n/helpful', 'answers'),
  post('addToCart', '/cart', 'skus', { sku_id: 1 }),
]

/** Ids to ask for, at random. */
export type Ids = Readonly<Record<Operation['of'], readonly number[]>>

/** Requests of an operation, one for each id. */
export const requestsOf = ({ method, path, of, body }: Operation, ids: Ids): Requests => ({
  method,
  paths: path.includes(':n') ? ids[of].map((id) => path.replace(':n', String(id))) : [path],
  ...(body === undefined ? {} : { body }),
})
