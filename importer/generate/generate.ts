import { writeCarts } from './rows/cart.ts'
import { createDeals, fillGaps } from './allocate.ts'
import { fileNames, recordsOf, type FileName } from './files.ts'
import type { Generation } from './context.ts'
import { writeProduct, writeStyles } from './rows/products.ts'
import { writeQuestions } from './rows/questions.ts'
import { createRandom, mix } from './random.ts'
import { writeReviews } from './rows/reviews.ts'
import { things } from './words/noun.ts'
import { openSheets } from './csvWriter.ts'

/** What to generate. The same products and seed make the same files, byte for byte. */
export type Options = {
  readonly products: number
  readonly seed: number
  /** Makes a shop to look at, whose photos are the pictures that the API serves below this address: it lacks nothing. */
  readonly pictures?: string
  /** Called now and then with the number of products that are done. */
  readonly progress?: (products: number) => void
}

const productsAtATime = 1000

/** Writes a data set into a folder, over what is there, and returns the number of records in each file. */
export const generate = async (
  folder: string,
  { products, seed, pictures, progress }: Options,
): Promise<Readonly<Record<FileName, number>>> => {
  const sheets = await openSheets(folder)
  const all = fileNames.map((name) => sheets[name])
  const generation: Generation = {
    random: createRandom(seed),
    sheets,
    deals: pictures === undefined ? createDeals(products, seed) : fillGaps(createDeals(products, seed)),
    products,
    pictures,
    parents: {
      styles: recordsOf('styles.csv', products),
      reviews: recordsOf('reviews.csv', products),
      questions: recordsOf('questions.csv', products),
      answers: recordsOf('answers.csv', products),
    },
  }
  try {
    for (let product = 1; product <= products; product++) {
      writeAll(generation, product, seed)
      if (product % productsAtATime !== 0) continue
      await Promise.all(all.map((sheet) => sheet.flush()))
      progress?.(product)
    }
    writeCarts(sheets)
    await Promise.all(all.map((sheet) => sheet.flush()))
    progress?.(products)
  } finally {
    await Promise.all(all.map((sheet) => sheet.close()))
  }
  return Object.fromEntries(fileNames.map((name) => [name, sheets[name].rows()])) as Record<FileName, number>
}

const writeAll = (generation: Generation, product: number, seed: number): void => {
  generation.random.restart(mix(seed, product))
  const thing = generation.random.pick(things)
  const price = writeProduct(generation, product, thing)
  writeStyles(generation, product, thing, price)
  writeReviews(generation, product, thing)
  writeQuestions(generation, product, thing)
}
