import type { Operation } from './ask.ts'
import * as cart from './cart.ts'
import * as interactions from './interactions.ts'
import { mix, type Name, names } from './mix.ts'
import * as products from './products.ts'
import * as questions from './questions.ts'
import * as reviews from './reviews.ts'

/** Makes the requests of each operation. */
export const operations: Readonly<Record<Name, Operation>> = {
  ...products,
  ...reviews,
  ...questions,
  ...cart,
  ...interactions,
}

const hundred = names.reduce((sum, name) => sum + mix[name], 0)

/** An operation at random, as often as the mix has it. */
export const anyOperation = (): Name => {
  let left = Math.random() * hundred
  for (const name of names) {
    left -= mix[name]
    if (left < 0) return name
  }
  return 'getProduct'
}
