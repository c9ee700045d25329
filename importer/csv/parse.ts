import Papa from 'papaparse'
import type { Header } from './header.ts'

/** The reason why a text is not CSV. An incomplete row may become valid when more text follows. */
export type ParseError = { readonly isIncomplete: boolean; readonly reason: string }

/** The rows at the start of a text, and the error of the row after them. */
export type ParseResult = { readonly rows: string[][]; readonly error?: ParseError }

/** Parses a text that begins at the start of a row, up to the first row that is invalid or has another width. */
export const parse = (text: string, { columns }: Header): ParseResult => {
  const lines = trimLineEnd(text)
  // Papa finds no row in an empty text, but the line counts.
  if (lines === '') return { rows: [['']] }
  const { data, errors } = parseLines(lines)
  const width = columns.length
  const wrongWidth = data.findIndex((row) => row.length !== width && !isBlank(row))
  const wrongQuotes = errors[0]?.row ?? -1
  if (wrongWidth === -1 && wrongQuotes === -1) return { rows: data }

  const first = Math.min(...[wrongWidth, wrongQuotes].filter((row) => row !== -1))
  const codes = errors.filter(({ row }) => row === first).map(({ code }) => code)
  return { rows: data.slice(0, first), error: toParseError(codes, data[first]?.length ?? 0, width) }
}

/** An LF after no CR or after two. */
const otherThanCrlf = /(?<!\r)\n|\r\r\n/

/** Parses lines that end in LF, CRLF or a mixture. */
const parseLines = (text: string) => {
  if (!text.includes('\r')) return Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' })
  // For narrow rows a third faster than dropping the CRs.
  if (!otherThanCrlf.test(text)) return Papa.parse<string[]>(text, { delimiter: ',', newline: '\r\n' })
  const parsed = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' })
  dropCarriageReturns(parsed.data, text.split('\n'))
  return parsed
}

/** Removes the CR of a line end from the last cells of rows; a CR within quotes belongs to the cell and stays. */
const dropCarriageReturns = (rows: readonly string[][], lines: readonly string[]): void => {
  let nextLine = 0
  for (const row of rows) {
    nextLine += countLines(row)
    const cell = row.at(-1)
    if (!cell?.endsWith('\r')) continue
    const line = lines[nextLine - 1]
    if (line?.endsWith(`,${cell}`)) row[row.length - 1] = cell.replace(/\r+$/, '')
  }
}

/** A text without its last line end. */
export const trimLineEnd = (text: string): string => {
  let end = text.endsWith('\n') ? text.length - 1 : text.length
  while (text[end - 1] === '\r') end -= 1
  return text.slice(0, end)
}

/** True for the row of an empty line. */
export const isBlank = (row: readonly string[]): boolean => row.length === 1 && row[0]?.trim() === ''

/** The number of lines that a row takes. */
export const countLines = (row: readonly string[]): number => {
  let lines = 1
  for (const cell of row) if (cell.includes('\n')) lines += cell.split('\n').length - 1
  return lines
}

const toParseError = (codes: readonly string[], cellCount: number, width: number): ParseError => {
  if (codes.includes('InvalidQuotes'))
    return {
      isIncomplete: false,
      reason: 'A quote stands within a quoted text: write it twice, and close the text with one.',
    }
  if (codes.includes('MissingQuotes'))
    return {
      isIncomplete: cellCount <= width,
      reason: 'A quote is opened and never closed: add the closing one.',
    }
  return {
    isIncomplete: false,
    reason: `The line has ${cellCount} cells where the header has ${width}: correct its commas and quotes.`,
  }
}
