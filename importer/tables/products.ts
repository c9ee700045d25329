import { boolean, cartHash, id, nullable, price, reference, text, integer } from '../columns.ts'
import type { Table } from './table.ts'

export const products: Table = {
  name: 'products',
  files: ['product.csv'],
  columns: {
    id: ['product_id', id],
    name: text,
    slogan: text,
    description: text,
    category: text,
    default_price: price,
  },
  parents: [],
  isDated: true,
}

export const features: Table = {
  name: 'features',
  files: ['features.csv'],
  columns: { id: ['feature_id', id], product_id: reference, feature: text, value: nullable(text) },
  parents: [products],
}

export const styles: Table = {
  name: 'styles',
  files: ['styles.csv'],
  columns: {
    id: ['style_id', id],
    productId: ['product_id', reference],
    name: text,
    sale_price: nullable(price),
    original_price: price,
    default_style: boolean,
  },
  parents: [products],
}

export const photos: Table = {
  name: 'photos',
  files: ['photos.csv'],
  columns: { id: ['photo_id', id], styleId: ['style_id', reference], url: text, thumbnail_url: text },
  parents: [styles],
  owner: styles,
  keepsOrder: true,
}

export const skus: Table = {
  name: 'skus',
  files: ['skus.csv'],
  columns: { id: ['sku_id', id], styleId: ['style_id', reference], size: text, quantity: integer(0) },
  parents: [styles],
  owner: styles,
  keepsOrder: true,
}

export const related: Table = {
  name: 'related',
  files: ['related.csv'],
  columns: { id: ['related_id', id], current_product_id: ['product_id', reference], related_product_id: reference },
  parents: [products],
}

export const cartItems: Table = {
  name: 'cart_items',
  files: ['cart.csv'],
  // The file's product_id is a sku.
  columns: {
    id: ['item_id', id],
    user_session: ['cart', cartHash],
    product_id: ['sku_id', reference],
    active: boolean,
  },
  parents: [skus],
}
