import { get, type Operation } from './ask.ts'
import { any, below } from './ids.ts'
import { pages } from './mix.ts'
import { list, number, object, orNull, price, record, text, truth } from './shapes.ts'

const fields = {
  id: number,
  campus: text,
  name: text,
  slogan: text,
  description: text,
  category: text,
  default_price: price,
  created_at: text,
  updated_at: text,
}
const products = list(object(fields), 5)
const product = object({ ...fields, features: list(object({ feature: text, value: orNull(text) })) })

const style = object({
  style_id: number,
  name: text,
  original_price: price,
  sale_price: orNull(price),
  'default?': truth,
  photos: list(object({ thumbnail_url: orNull(text), url: orNull(text) })),
  skus: record(object({ quantity: orNull(number), size: orNull(text) })),
})

const styles = object({ product_id: text, results: list(style) })
const related = list(number)

export const listProducts: Operation = () => get(`/products?page=${1 + below(pages)}`, products)

export const getProduct: Operation = () => {
  const id = any('products')
  return get(`/products/${id}`, product, { id })
}

export const listStyles: Operation = () => {
  const id = any('products')
  return get(`/products/${id}/styles`, styles, { product_id: String(id) })
}

export const listRelatedProducts: Operation = () => get(`/products/${any('products')}/related`, related)
