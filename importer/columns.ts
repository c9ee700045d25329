import { createHash } from 'node:crypto'

/** A value as COPY takes it: its text, or null. */
export type Value = string | null

/** Why a cell cannot be loaded: a sentence that says what would be right. */
export type Refusal = { readonly reason: string }

/** Reads a cell of a CSV file as a value of a table's column, or says why it cannot. */
export type Column = (cell: string) => Value | Refusal

/** Whether what came of a cell is the reason for refusing it. */
export const isRefusal = (result: Value | Refusal): result is Refusal => typeof result === 'object' && result !== null

/** A refusal for a reason. */
export const refusal = (reason: string): Refusal => ({ reason })

/** A whole number within a range; blanks around it do not count. */
export const whole = (minimum: number, maximum = 2_147_483_647): Column =>
  within(minimum, maximum, `Expected a whole number from ${minimum} to ${maximum}.`)

const within = (minimum: number, maximum: number, reason: string): Column => {
  const refused = refusal(reason)
  return (cell) => {
    const number = wholeNumber(cell)
    if (!(number >= minimum && number <= maximum)) return refused
    // Most cells are the number as it is written, which is a text less to make.
    return cell.charCodeAt(0) > 48 && cell.trimEnd() === cell ? cell : String(number)
  }
}

/** The number of a cell that PostgreSQL reads as a whole one, or NaN. Most are digits alone, which takes no pattern. */
const wholeNumber = (cell: string): number => {
  let number = 0
  for (let index = 0; index < cell.length; index += 1) {
    const digit = cell.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return /^\s*-?\d{1,10}\s*$/.test(cell) ? Number(cell) : NaN
    number = number * 10 + digit
  }
  return cell.length > 0 && cell.length <= 10 ? number : NaN
}

/**
 * The largest id that a file may give, and the largest counter. What the API adds needs room up to 2147483647; the largest
 * id of the real files is 19 327 575.
 */
export const largestId = 2_000_000_000

/** The id of a row. A sequence goes on from the largest, so it starts at 1. */
export const id = within(
  1,
  largestId,
  `Expected an id from 1 to ${largestId}: rows that the API adds go on from the largest one, and need room above it.`,
)

/** A number that the API counts on from. */
export const counter = within(
  0,
  largestId,
  `Expected a whole number from 0 to ${largestId}: the API counts on from it, and needs room above it.`,
)

/** An id of another row; 0 names none. */
export const reference = whole(0)

const notPrice = refusal('Expected a price from 0 to 9999999999.99 with at most two decimals, such as 140 or 69.50.')

/** What `numeric(12, 2)` holds, from 0. */
export const price: Column = (cell) => (/^\s*\d{1,10}(\.\d{1,2}0*)?\s*$/.test(cell) ? cell.trim() : notPrice)

const notBoolean = refusal('Expected true, false, 1 or 0.')

export const boolean: Column = (cell) => {
  const text = cell.trim().toLowerCase()
  if (text === 'true' || text === '1') return 'true'
  return text === 'false' || text === '0' ? 'false' : notBoolean
}

const hasNul = refusal('PostgreSQL stores no NUL character: remove it.')
const notUnicode = refusal('Some characters are no UTF-8 (they read as U+FFFD): save the file as UTF-8.')

/** Text, kept to the letter. */
export const text: Column = (cell) => {
  if (cell.includes('\0')) return hasNul
  return cell.includes('\uFFFD') || !cell.isWellFormed() ? notUnicode : cell
}

const isNull = (cell: string): boolean => cell === 'null' || (cell.length < 12 && /^\s*(null|\\N)\s*$/i.test(cell))

/** Null for the words that stand for it (`null`, `NULL`, `\N`), where the table's column may be empty. */
export const nullable =
  (column: Column): Column =>
  (cell) =>
    isNull(cell) ? null : column(cell)

/** Text that is null when the cell is empty, too. */
export const textOrNothing: Column = (cell) => (cell === '' ? null : nullable(text)(cell))

const noSession = refusal('Expected the token or the cookie that names a cart.')

/** The SHA-256 that a cart is stored under, as bytea, of the token or cookie that names it. */
export const cart: Column = (cell) => {
  if (cell === '') return noSession
  const token = text(cell)
  return token === cell ? `\\x${createHash('sha256').update(cell).digest('hex')}` : token
}
