import Papa from 'papaparse'
import type { Header } from './header.ts'

/** Why a text cannot be read on as CSV. `open` is what more text may mend. */
export type Fault = { readonly isOpen: boolean; readonly reason: string }

/** The rows that a text begins with, and why the next one is none. */
export type Parsed = { readonly rows: string[][]; readonly fault?: Fault }

/** Reads rows from a text that starts with one, as far as each has the cells that the header names. */
export const parse = (text: string, { columns, newline }: Header): Parsed => {
  const lines = withoutNewline(text)
  // Papa finds no row in no text, but an empty line is one to be counted.
  if (lines === '') return { rows: [['']] }
  const { data, errors } = Papa.parse<string[]>(lines, { delimiter: ',', newline })
  const width = columns.length
  const misfit = data.findIndex((row) => row.length !== width && !isBlank(row))
  const unquoted = errors[0]?.row ?? -1
  if (misfit === -1 && unquoted === -1) return { rows: data }

  const first = misfit === -1 || (unquoted !== -1 && unquoted <= misfit) ? unquoted : misfit
  const codes = errors.filter(({ row }) => row === first).map(({ code }) => code)
  return { rows: data.slice(0, first), fault: faultOf(codes, data[first]?.length ?? 0, width) }
}

/** A text without the newline at its end. */
export const withoutNewline = (text: string): string =>
  text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text

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
