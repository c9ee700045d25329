import { get, type Operation } from './ask.ts'
import { any, below } from './ids.ts'
import { list, number, object, only, orNull, price, record, text, truth } from './shapes.ts'

const product = { campus: text, name: text, slogan: text, description: text, category: text, default_price: price }
const times = { created_at: text, updated_at: text }
const features = list(object({ feature: text, value: orNull(text) }))

const style = object({
  style_id: number,
  name: text,
  original_price: price,
  sale_price: orNull(price),
  'default?': truth,
  photos: list(object({ thumbnail_url: orNull(text), url: orNull(text) })),
  skus: record(object({ quantity: orNull(number), size: orNull(text) })),
})

export const listProducts: Operation = () =>
  get(`/products?page=${1 + below(200)}`, list(object({ id: number, ...product, ...times }), 5))

export const getProduct: Operation = () => {
  const id = any('products')
  return get(`/products/${id}`, object({ id: only(id), ...product, ...times, features }))
}

export const listStyles: Operation = () => {
  const id = any('products')
  return get(`/products/${id}/styles`, object({ product_id: only(String(id)), results: list(style) }))
}

export const listRelatedProducts: Operation = () => get(`/products/${any('products')}/related`, list(number))
