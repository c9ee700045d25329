import { fileNames as imported } from '../csv/names.ts'
import { columnsOf } from '../tables/table.ts'

const fullSize = 1_000_011

/** The files of a data set, with their records at full size. */
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

/** The name of one of the files, with its ending. */
export type FileName = keyof typeof records

/** All names, in the order in which the files are listed. */
export const fileNames = Object.keys(records) as FileName[]

/** The records of a file in a data set of this many products. The cart does not grow. */
export const recordsOf = (name: FileName, products: number): number =>
  name === 'cart.csv' ? records[name] : Math.round((records[name] * products) / fullSize)

/** The header of a file: the columns that an import reads of it. */
export const headerOf = (name: FileName): string => {
  const found = imported.find((file) => file.name === name)
  if (!found) throw new Error(`No table is imported from ${name}.`)
  return columnsOf(found.table)
    .map(({ inFile }) => inFile)
    .join(',')
}
