import Papa from 'papaparse'
import type { Header } from './header.ts'

/** Why a text cannot be read on as CSV. `open` is what more text may mend. */
export type Fault = { readonly isOpen: boolean; readonly reason: string }

/** The rows that a text begins with, and why the next one is none. */
export type Parsed = { readonly rows: string[][]; readonly fault?: Fault }

/** Reads rows from a text that starts with one, as far as each has the cells that the header names. */
export const parse = (text: string, { columns }: Header): Parsed => {
  const lines = withoutNewline(text)
  // Papa finds no row in no text, but an empty line is one to be counted.
  if (lines === '') return { rows: [['']] }
  const { data, errors } = parseLines(lines)
  const width = columns.length
  const misfit = data.findIndex((row) => row.length !== width && !isBlank(row))
  const unquoted = errors[0]?.row ?? -1
  if (misfit === -1 && unquoted === -1) return { rows: data }

  const first = misfit === -1 || (unquoted !== -1 && unquoted <= misfit) ? unquoted : misfit
  const codes = errors.filter(({ row }) => row === first).map(({ code }) => code)
  return { rows: data.slice(0, first), fault: faultOf(codes, data[first]?.length ?? 0, width) }
}

/** An LF without a CR before it, or with two. */
const otherThanCrlf = /(?<!\r)\n|\r\r\n/

/** Reads lines that end in LF, in CRLF or in both, whatever those of other texts end in. */
const parseLines = (text: string) => {
  if (!text.includes('\r')) return Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' })
  // A third less time for narrow rows than taking the CRs off.
  if (!otherThanCrlf.test(text)) return Papa.parse<string[]>(text, { delimiter: ',', newline: '\r\n' })
  const parsed = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' })
  dropCarriageReturns(parsed.data, text.split('\n'))
  return parsed
}

/** Takes the CR of a line's end off the last cells of rows; one that stands in quotes is the cell's own, and stays. */
const dropCarriageReturns = (rows: readonly string[][], lines: readonly string[]): void => {
  let next = 0
  for (const row of rows) {
    next += linesOf(row)
    const cell = row.at(-1)
    if (!cell?.endsWith('\r')) continue
    const line = lines[next - 1]
    if (line?.endsWith(`,${cell}`)) row[row.length - 1] = cell.replace(/\r+$/, '')
  }
}

/** A text without the end of its last line. */
export const withoutNewline = (text: string): string => {
  let end = text.endsWith('\n') ? text.length - 1 : text.length
  while (text[end - 1] === '\r') end -= 1
  return text.slice(0, end)
}

/** Whether a row is of an empty line. */
export const isBlank = (row: readonly string[]): boolean => row.length === 1 && row[0]?.trim() === ''

/** The physical lines that a row took. */
export const linesOf = (row: readonly string[]): number => {
  let lines = 1
  for (const cell of row) if (cell.includes('\n')) lines += cell.split('\n').length - 1
  return lines
}

const faultOf = (codes: readonly string[], found: number, width: number): Fault => {
  if (codes.includes('InvalidQuotes'))
    return {
      isOpen: false,
      reason: 'A quote stands within a quoted text: write it twice, and close the text with one.',
    }
  if (codes.includes('MissingQuotes'))
    return { isOpen: found <= width, reason: 'A quote is opened and never closed: add the closing one.' }
  return {
    isOpen: false,
    reason: `The line has ${found} cells where the header has ${width}: correct its commas and quotes.`,
  }
}
