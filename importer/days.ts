import { z } from 'zod'
import { refusal, type Column, type Refusal } from './columns.ts'

const dayExamples = 'milliseconds since 1970, such as 1595884714409, or a day such as 2020-07-27'
const notDay = refusal(`Expected ${dayExamples}.`)
const mangledDay = refusal(`A spreadsheet shortened this number and its last digits are lost: expected ${dayExamples}.`)

const isoDay = z.iso.date()
const isoTime = z.iso.datetime({ offset: true, local: true })

const dayMs = 24 * 60 * 60 * 1000
const firstMs = Date.UTC(1995, 0, 1)

/** Whether a time is one that a shop has: from 1995 to a year from now. */
const isPlausible = (milliseconds: number): boolean =>
  milliseconds >= firstMs && milliseconds <= Date.now() + 365 * dayMs

/** The day, in UTC, of milliseconds since 1970, an ISO day or an ISO time; a time without a zone is UTC. */
export const day: Column = (cell) => {
  const text = cell.trim()
  if (/^\d{12,13}$/.test(text) && isPlausible(Number(text))) return dayOf(Number(text))
  if (/^\d+$/.test(text)) return refusal(reasonFor(text))
  if (/^\d{5}[.,]\d+$/.test(text)) return refusal(reasonFor(text.slice(0, 5)))
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(text)) return mangledDay
  if (isoDay.safeParse(text).success) return isPlausible(Date.parse(text)) ? text : implausible(text)
  const time = text.replace(' ', 'T')
  if (!isoTime.safeParse(time).success) return notDay
  const milliseconds = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`)
  return isPlausible(milliseconds) ? dayOf(milliseconds) : implausible(text)
}

const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10)

const implausible = (read: string): Refusal =>
  refusal(`This reads as ${read}, and a shop has days from 1995-01-01 to a year from now: expected ${dayExamples}.`)

/** What digits look like that are no milliseconds, with the time in milliseconds that they would then be. */
const lookalikes: readonly (readonly [RegExp, string, (digits: string) => number])[] = [
  [/^\d{9,10}$/, 'seconds since 1970', (digits) => Number(digits) * 1000],
  [/^\d{16}$/, 'microseconds since 1970', (digits) => Number(digits) / 1000],
  [/^\d{19}$/, 'nanoseconds since 1970', (digits) => Number(digits) / 1_000_000],
  [/^\d{5}$/, "a spreadsheet's count of days", (digits) => Date.UTC(1899, 11, 30) + Number(digits) * dayMs],
  [/^\d{8}$/, 'a day without hyphens', (digits) => parsedDay(digits.replace(/(....)(..)(..)/, '$1-$2-$3'))],
]

// Date.parse makes March 1 of February 30.
const parsedDay = (text: string): number => (isoDay.safeParse(text).success ? Date.parse(text) : NaN)

/** Says what was read and what would be right, for digits that are no milliseconds of a plausible day. */
const reasonFor = (digits: string): string => {
  for (const [pattern, what, millisecondsOf] of lookalikes) {
    const milliseconds = pattern.test(digits) ? millisecondsOf(digits) : NaN
    if (isPlausible(milliseconds)) return `This reads as ${what}: write ${dayOf(milliseconds)}, or ${dayExamples}.`
  }
  if (/^(19|20)\d\d$/.test(digits)) return `This reads as a year: expected ${dayExamples}.`
  const milliseconds = Number(digits)
  return milliseconds > 8.64e15 ? notDay.reason : implausible(new Date(milliseconds).toISOString().slice(0, -14)).reason
}
