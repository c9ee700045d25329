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

const shares = names.map((name) => mix[name])
const hundred = shares.reduce((sum, share) => sum + share, 0)
const last = names.length - 1

/** An operation at random, as often as the mix has it. */
export const anyOperation = (): Name => {
  // A plain loop: k6 interprets it, once for every request.
  let left = Math.random() * hundred
  let n = 0
  while (n < last && left >= (shares[n] as number)) {
    left -= shares[n] as number
    n += 1
  }
  return names[n] as Name
}
