import type { CsvWriters } from '../csvWriter.ts'

const entries = [
  ['1234', 1, 1],
  ['1234', 3, 1],
  ['1234', 5, 1],
  ['4321', 2, 1],
  ['4321', 4, 1],
  ['4321', 6, 0],
  ['4321', 1, 1],
  ['1111', 3, 1],
  ['1111', 3, 1],
] as const

/** Writes the carts of three sessions, without items whose sku does not exist. */
export const writeCarts = (writers: CsvWriters): void => {
  const cart = writers['cart.csv']
  for (const [session, sku, active] of entries)
    if (sku <= writers['skus.csv'].rows()) cart.add(`${cart.rows() + 1},${session},${sku},${active}`)
}
