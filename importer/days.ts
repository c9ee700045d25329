import { z } from 'zod'
import { cellError, type CellParser, type CellError } from './columns.ts'

const dayExamples = 'milliseconds since 1970, such as 1595884714409, or a day such as 2020-07-27'
const notDay = cellError(`Expected ${dayExamples}.`)
const mangledDay = cellError(
  `A spreadsheet shortened this number and its last digits are lost: expected ${dayExamples}.`,
)

const isoDay = z.iso.date()
const isoTime = z.iso.datetime({ offset: true, local: true })

const dayMs = 24 * 60 * 60 * 1000
const firstMs = Date.UTC(1995, 0, 1)

const isPlausible = (milliseconds: number): boolean =>
  milliseconds >= firstMs && milliseconds <= Date.now() + 365 * dayMs

/** The UTC day of milliseconds since 1970, an ISO day or an ISO time; a time without a zone is UTC. */
export const day: CellParser = (cell) => {
  const text = cell.trim()
  if (/^\d{12,13}$/.test(text) && isPlausible(Number(text))) return toIsoDay(Number(text))
  if (/^\d+$/.test(text)) return cellError(explainDigits(text))
  if (/^\d{5}[.,]\d+$/.test(text)) return cellError(explainDigits(text.slice(0, 5)))
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(text)) return mangledDay
  if (isoDay.safeParse(text).success) return isPlausible(Date.parse(text)) ? text : implausible(text)
  const time = text.replace(' ', 'T')
  if (!isoTime.safeParse(time).success) return notDay
  const milliseconds = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`)
  return isPlausible(milliseconds) ? toIsoDay(milliseconds) : implausible(text)
}

const toIsoDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10)

const implausible = (meaning: string): CellError =>
  cellError(
    `This reads as ${meaning}, and a shop has days from 1995-01-01 to a year from now: expected ${dayExamples}.`,
  )

/** Digits that are not milliseconds: their pattern, its meaning, and the milliseconds that they would stand for. */
const lookalikes: readonly (readonly [RegExp, string, (digits: string) => number])[] = [
  [/^\d{9,10}$/, 'seconds since 1970', (digits) => Number(digits) * 1000],
  [/^\d{16}$/, 'microseconds since 1970', (digits) => Number(digits) / 1000],
  [/^\d{19}$/, 'nanoseconds since 1970', (digits) => Number(digits) / 1_000_000],
  [/^\d{5}$/, "a spreadsheet's count of days", (digits) => Date.UTC(1899, 11, 30) + Number(digits) * dayMs],
  [/^\d{8}$/, 'a day without hyphens', (digits) => parseDay(digits.replace(/(....)(..)(..)/, '$1-$2-$3'))],
]

// Date.parse turns February 30 into March 1.
const parseDay = (text: string): number => (isoDay.safeParse(text).success ? Date.parse(text) : NaN)

/** The reason for refusing digits that are not the milliseconds of a plausible day. */
const explainDigits = (digits: string): string => {
  for (const [pattern, meaning, toMilliseconds] of lookalikes) {
    const milliseconds = pattern.test(digits) ? toMilliseconds(digits) : NaN
    if (isPlausible(milliseconds))
      return `This reads as ${meaning}: write ${toIsoDay(milliseconds)}, or ${dayExamples}.`
  }
  if (/^(19|20)\d\d$/.test(digits)) return `This reads as a year: expected ${dayExamples}.`
  const milliseconds = Number(digits)
  return milliseconds > 8.64e15 ? notDay.reason : implausible(new Date(milliseconds).toISOString().slice(0, -14)).reason
}
