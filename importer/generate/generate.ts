import { writeCarts } from './rows/cart.ts'
import { createAllocations, fillGaps } from './allocate.ts'
import { fileNames, recordCount, type FileName } from './files.ts'
import type { GeneratorContext } from './context.ts'
import { writeProduct, writeStyles } from './rows/products.ts'
import { writeQuestions } from './rows/questions.ts'
import { createRandom, mix } from './random.ts'
import { writeReviews } from './rows/reviews.ts'
import { nouns } from './words/noun.ts'
import { openCsvWriters } from './csvWriter.ts'

/** The same products and seed give the same files, byte for byte. */
export type GenerateOptions = {
  readonly products: number
  readonly seed: number
  /** The base address of pictures that the API serves: makes a demo shop without gaps, whose photos are those. */
  readonly pictures?: string
  /** Called after every 1000 products with the number of products written. */
  readonly progress?: (products: number) => void
}

const productsAtATime = 1000

/** Writes a data set into a folder, overwriting files, and returns the number of records of each. */
export const generate = async (
  folder: string,
  { products, seed, pictures, progress }: GenerateOptions,
): Promise<Readonly<Record<FileName, number>>> => {
  const writers = await openCsvWriters(folder)
  const all = fileNames.map((name) => writers[name])
  const context: GeneratorContext = {
    random: createRandom(seed),
    writers,
    allocations:
      pictures === undefined ? createAllocations(products, seed) : fillGaps(createAllocations(products, seed)),
    products,
    pictures,
    parents: {
      styles: recordCount('styles.csv', products),
      reviews: recordCount('reviews.csv', products),
      questions: recordCount('questions.csv', products),
      answers: recordCount('answers.csv', products),
    },
  }
  try {
    for (let product = 1; product <= products; product++) {
      writeAll(context, product, seed)
      if (product % productsAtATime !== 0) continue
      await Promise.all(all.map((writer) => writer.flush()))
      progress?.(product)
    }
    writeCarts(writers)
    await Promise.all(all.map((writer) => writer.flush()))
    progress?.(products)
  } finally {
    await Promise.all(all.map((writer) => writer.close()))
  }
  return Object.fromEntries(fileNames.map((name) => [name, writers[name].rows()])) as Record<FileName, number>
}

const writeAll = (context: GeneratorContext, product: number, seed: number): void => {
  context.random.restart(mix(seed, product))
  const noun = context.random.pick(nouns)
  const price = writeProduct(context, product, noun)
  writeStyles(context, product, noun, price)
  writeReviews(context, product, noun)
  writeQuestions(context, product, noun)
}
