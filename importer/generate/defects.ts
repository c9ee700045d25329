// The defects of the real files. Rows are chosen by number, not by seed, so that small data sets have each defect too.

/** The id of a row; ids 7 and 8, and the same two of every 5000, are swapped. */
export const unorderedId = (row: number): number => {
  const position = row % 5000
  return position === 7 ? row + 1 : position === 8 ? row - 1 : row
}

/** The id of a photo: `unorderedId`, with one id in 91 000 left out. */
export const photoId = (row: number): number =>
  unorderedId(row) + (row < 300 ? 0 : 1 + Math.floor((row - 300) / 91_000))

/**
 * The closing quote of a thumbnail's address, missing on row 48 and 193 rows later: a parser that pairs quotes across
 * lines reads the rows between as one cell.
 */
export const closingQuote = (row: number): string => (row === 48 || row === 48 + 193 ? '' : '"')

/** The scheme of a thumbnail's address; a few are misspelled. */
export const thumbnailScheme = (row: number): string => (row % 2003 === 60 ? 'uhttps' : 'https')

/** The id of a row's parent; one row in 20 011 names a parent that does not exist. */
export const parentId = (row: number, id: number, parents: number): number =>
  row % 20_011 === 200 ? parents + row : id

/** True for one style in 97, whose first size is listed twice. */
export const hasRepeatedSize = (style: number): boolean => style % 97 === 3

/** The related product's id; a few rows name the product itself, the previous row's id, 0 or an unknown product. */
export const relatedId = (row: number, id: number, product: number, previous: number, products: number): number => {
  if (row % 50 === 16) return product
  if (row % 40 === 21) return previous
  if (row % 3000 === 60) return 0
  return row % 3000 === 62 ? products + row : id
}

/** The price of a product; one in 250 000 costs 500 000 000. */
export const priceWithOutliers = (product: number, price: number): number =>
  product % 250_000 === 10 ? 500_000_000 : price
