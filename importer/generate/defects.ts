// What is wrong in the real files, each fault on rows that do not depend on the seed, so that every size has it early.

/** The id of a row: rows 7 and 8, and two in every 5000 after them, stand in the wrong order. */
export const unorderedId = (row: number): number => {
  const place = row % 5000
  return place === 7 ? row + 1 : place === 8 ? row - 1 : row
}

/** The id of a photo: out of order in places, and one is missing in every 91 000. */
export const photoId = (row: number): number =>
  unorderedId(row) + (row < 300 ? 0 : 1 + Math.floor((row - 300) / 91_000))

/**
 * The quote that ends the thumbnail of a photo: lost on row 48. A reader that pairs quotes across lines takes the next 193
 * rows for one cell, up to the row that lost its quote too.
 */
export const closingQuote = (row: number): string => (row === 48 || row === 48 + 193 ? '' : '"')

/** How the address of a photo's thumbnail begins. */
export const thumbnailScheme = (row: number): string => (row % 2003 === 60 ? 'uhttps' : 'https')

/** The id of a row's parent: in one of 20 011 rows an id beyond the last parent, which names nothing. */
export const parentOf = (row: number, id: number, parents: number): number =>
  row % 20_011 === 200 ? parents + row : id

/** Whether the first size of a style is listed twice: one style in 97. */
export const hasSizeTwice = (style: number): boolean => style % 97 === 3

/** The product that a row of related.csv names: in places the product itself, the one before it again, 0 or nobody. */
export const relatedId = (row: number, id: number, product: number, before: number, products: number): number => {
  if (row % 50 === 16) return product
  if (row % 40 === 21) return before
  if (row % 3000 === 60) return 0
  return row % 3000 === 62 ? products + row : id
}

/** The price of a product: 500 000 000 in a very few places. */
export const dearPrice = (product: number, price: number): number => (product % 250_000 === 10 ? 500_000_000 : price)
