import { get, type Operation, post } from './ask.ts'
import { any, below } from './ids.ts'
import { digits, list, number, object } from './shapes.ts'

const visitor = (): string => `visitor-${below(10_000)}`

const cart = list(object({ sku_id: number, count: digits }))

export const getCart: Operation = () => ({ ...get('/cart', cart), visitor: visitor() })

export const addToCart: Operation = () => ({ ...post('/cart', { sku_id: any('skus') }), visitor: visitor() })
