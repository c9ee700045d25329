import { createReadStream } from 'node:fs'
import Papa from 'papaparse'

/** The columns that the first line of a CSV file names, without the blanks around them. */
export type Header = { readonly columns: readonly string[] }

/** Reads the header of a file; one that has no line there has no columns. */
export const readHeader = async (path: string): Promise<Header> => {
  let text = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 65_535 })) text += chunk as string
  const [line = ''] = text.split('\n', 1)
  const [cells = []] = Papa.parse<string[]>(line.trim(), { delimiter: ',', newline: '\n' }).data
  return { columns: cells.map((cell) => cell.trim()) }
}
