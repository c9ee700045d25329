import { createHash } from 'node:crypto'

/** A value in the form of COPY: its text, or null. */
export type Value = string | null

/** The reason why a cell cannot be loaded: a sentence that says what would be right. */
export type CellError = { readonly reason: string }

/** Parses a cell of a CSV file into the value of a table's column. */
export type CellParser = (cell: string) => Value | CellError

export const isCellError = (result: Value | CellError): result is CellError =>
  typeof result === 'object' && result !== null

export const cellError = (reason: string): CellError => ({ reason })

/** A whole number integerBetween a range; blanks around it do not count. */
export const integer = (minimum: number, maximum = 2_147_483_647): CellParser =>
  integerBetween(minimum, maximum, `Expected a whole number from ${minimum} to ${maximum}.`)

const integerBetween = (minimum: number, maximum: number, reason: string): CellParser => {
  const outOfRange = cellError(reason)
  return (cell) => {
    const number = parseInteger(cell)
    if (!(number >= minimum && number <= maximum)) return outOfRange
    // Most cells are already in the right form, which saves allocating a string.
    return cell.charCodeAt(0) > 48 && cell.trimEnd() === cell ? cell : String(number)
  }
}

/** The number of a cell that PostgreSQL accepts as an integer, or NaN. */
const parseInteger = (cell: string): number => {
  let number = 0
  for (let index = 0; index < cell.length; index += 1) {
    const digit = cell.charCodeAt(index) - 48
    // Most cells are digits alone, which needs no pattern.
    if (digit < 0 || digit > 9) return /^\s*-?\d{1,10}\s*$/.test(cell) ? Number(cell) : NaN
    number = number * 10 + digit
  }
  return cell.length > 0 && cell.length <= 10 ? number : NaN
}

/**
 * The largest id and counter of a file. The API adds more, and needs room up to 2147483647; the largest id of the real
 * files is 19 327 575.
 */
export const largestId = 2_000_000_000

/** The id of a row, from 1: sequences continue from the largest one. */
export const id = integerBetween(
  1,
  largestId,
  `Expected an id from 1 to ${largestId}: rows that the API adds go on from the largest one, and need room above it.`,
)

/** A count that the API increments. */
export const counter = integerBetween(
  0,
  largestId,
  `Expected a whole number from 0 to ${largestId}: the API counts on from it, and needs room above it.`,
)

/** An id of another row; 0 stands for none. */
export const reference = integer(0)

const notPrice = cellError('Expected a price from 0 to 9999999999.99 with at most two decimals, such as 140 or 69.50.')

/** A price that `numeric(12, 2)` holds, from 0. */
export const price: CellParser = (cell) => (/^\s*\d{1,10}(\.\d{1,2}0*)?\s*$/.test(cell) ? cell.trim() : notPrice)

const notBoolean = cellError('Expected true, false, 1 or 0.')

export const boolean: CellParser = (cell) => {
  const text = cell.trim().toLowerCase()
  if (text === 'true' || text === '1') return 'true'
  return text === 'false' || text === '0' ? 'false' : notBoolean
}

const hasNul = cellError('PostgreSQL stores no NUL character: remove it.')
const notUnicode = cellError('Some characters are no UTF-8 (they read as U+FFFD): save the file as UTF-8.')

/** Text, unchanged. */
export const text: CellParser = (cell) => {
  if (cell.includes('\0')) return hasNul
  return cell.includes('\uFFFD') || !cell.isWellFormed() ? notUnicode : cell
}

const isNull = (cell: string): boolean => cell === 'null' || (cell.length < 12 && /^\s*(null|\\N)\s*$/i.test(cell))

/** Null for `null`, `NULL` and `\N`; any other cell is parsed. */
export const nullable =
  (column: CellParser): CellParser =>
  (cell) =>
    isNull(cell) ? null : column(cell)

/** Text; null for an empty cell too. */
export const textOrNull: CellParser = (cell) => (cell === '' ? null : nullable(text)(cell))

const missingToken = cellError('Expected the token or the cookie that names a cart.')

/** The SHA-256, as bytea, of the token or cookie that names a cart; carts are stored under it. */
export const cartHash: CellParser = (cell) => {
  if (cell === '') return missingToken
  const token = text(cell)
  return token === cell ? `\\x${createHash('sha256').update(cell).digest('hex')}` : token
}
