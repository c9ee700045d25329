import Papa from 'papaparse'
import { UserError } from '../../db/commandLine.ts'
import { columnsOf, requiredColumns, type Table } from '../tables/table.ts'
import { isGzipped, openFile } from './chunks.ts'

/** The columns of a CSV file, spelled as the table's specification spells them. */
export type Header = { readonly columns: readonly string[] }

const headBytes = 65_536

/** Reads the header of a table's file. A `UserError` names a wrong format or the missing columns. */
export const readHeader = async (path: string, table: Table): Promise<Header> => {
  const head = await readHead(path)
  const names = columnsOf(table).map(({ inFile }) => inFile)
  const formatError = findFormatError(path, head)
  if (formatError !== undefined) throw new UserError(`${path} ${formatError}.`)

  const [line = ''] = head.toString('utf8').split('\n', 1)
  const columns = splitLine(line, ',').map((cell) => names.find((name) => isSame(name, cell)) ?? cell)
  const required = requiredColumns(table)
  const missing = required.filter((name) => !columns.includes(name))
  if (missing.length > 0) throw new UserError(`The first line of ${path} ${describeMissing(line, required, missing)}.`)
  const twice = names.find((name) => columns.indexOf(name) !== columns.lastIndexOf(name))
  if (twice !== undefined)
    throw new UserError(`The first line of ${path} names ${twice} twice: leave one of the two columns.`)
  return { columns }
}

/** The columns of a header that the table does not have; they are left out. */
export const unknownColumns = ({ columns }: Header, table: Table): string[] => {
  const names = new Set(columnsOf(table).map(({ inFile }) => inFile))
  return columns.filter((name) => name !== '' && !names.has(name))
}

const readHead = async (path: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of openFile(path, headBytes).bytes as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= headBytes) break
  }
  return Buffer.concat(chunks)
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const splitLine = (line: string, delimiter: string): string[] => {
  const [cells = []] = Papa.parse<string[]>(line.trim(), { delimiter, newline: '\n' }).data
  return cells.map((cell) => cell.trim())
}

/** The first bytes, in hex, of files that are not CSV, with the remedy. */
const signatures: readonly (readonly [string, string])[] = [
  ['1f8b', 'is packed with gzip: give its name the ending .csv.gz'],
  ['504b0304', 'is a ZIP archive or a workbook: unpack it, or save the sheet as CSV'],
  ['d0cf11e0', 'is a workbook: save the sheet as CSV'],
  ['fffe', 'is UTF-16: save it as UTF-8'],
  ['feff', 'is UTF-16: save it as UTF-8'],
]

const findFormatError = (path: string, head: Buffer): string | undefined => {
  if (head.length === 0) return 'is empty: its first line must name its columns'
  const start = head.subarray(0, 8).toString('hex')
  const signature = signatures.find(([bytes]) => start.startsWith(bytes))
  if (signature) return isGzipped(path) && start.startsWith('1f8b') ? 'is packed twice: unpack it once' : signature[1]
  const line = head.subarray(0, head.includes(10) ? head.indexOf(10) : head.length)
  if (line.includes(0)) return 'holds NUL characters in its first line, as UTF-16 does: save it as UTF-8'
  return line.toString('latin1').trim().includes('\r')
    ? 'has lines that end in CR alone: save it with LF or CRLF'
    : undefined
}

const delimiters = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' }

const describeMissing = (line: string, required: readonly string[], missing: readonly string[]): string => {
  const countFound = (delimiter: string) => {
    const cells = splitLine(line, delimiter)
    return required.filter((name) => cells.some((cell) => isSame(name, cell))).length
  }
  const other = Object.entries(delimiters).find(([delimiter]) => countFound(delimiter) > countFound(','))
  if (other) return `is separated by ${other[1]}: save the file with commas, and prices with a decimal point`
  const remedy = `it must name the columns ${required.join(', ')}`
  return missing.length === required.length
    ? `names no columns (it is ${line.trim().slice(0, 100)}): ${remedy}`
    : `lacks ${missing.join(', ')}: ${remedy}`
}
