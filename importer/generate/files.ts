import { fileNames as importedFiles } from '../csv/names.ts'
import { requiredColumns } from '../tables/table.ts'

const fullSize = 1_000_011

/** The number of records of each file at full size. */
const records = {
  'product.csv': fullSize,
  'features.csv': 2_219_279,
  'styles.csv': 1_958_102,
  'skus.csv': 11_323_917,
  'photos.csv': 5_655_656,
  'related.csv': 4_508_263,
  'cart.csv': 9,
  'reviews.csv': 5_774_952,
  'reviews_photos.csv': 2_742_540,
  'characteristics.csv': 3_347_679,
  'characteristic_reviews.csv': 19_327_575,
  'questions.csv': 3_518_963,
  'answers.csv': 6_879_306,
  'answers_photos.csv': 2_063_759,
} as const

export type FileName = keyof typeof records

export const fileNames = Object.keys(records) as FileName[]

/** The number of records of a file for so many products; the cart always has 9. */
export const recordCount = (name: FileName, products: number): number =>
  name === 'cart.csv' ? records[name] : Math.round((records[name] * products) / fullSize)

/** The header line of a file: the required columns of its import specification. */
export const headerLine = (name: FileName): string => {
  const file = importedFiles.find((imported) => imported.name === name)
  if (!file) throw new Error(`No table is imported from ${name}.`)
  return requiredColumns(file.table).join(',')
}
