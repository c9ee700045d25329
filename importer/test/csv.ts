import type { Header } from '../csv/header.ts'
import { readRecords, type BrokenLine, type Row } from '../csv/records.ts'

/** A header of columns c0, c1, …. */
export const headerOf = (width: number): Header => ({
  columns: Array.from({ length: width }, (_, index) => `c${index}`),
})

/** Cuts a text into chunks of these lengths, repeatedly. */
export async function* cut(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  let at = 0
  for (let n = 0; at < text.length; n += 1) {
    const length = lengths[n % lengths.length] ?? text.length
    yield text.slice(at, at + length)
    at += length
  }
}

/** Reads the rows of a text below a header, in chunks of these lengths. */
export const readText = async (text: string, header: Header, lengths: readonly number[] = []) => {
  const rows: Row[] = []
  const broken: BrokenLine[] = []
  for await (const batch of readRecords(cut(`${header.columns.join(',')}\n${text}`, lengths), header)) {
    rows.push(...batch.rows)
    broken.push(...batch.broken)
  }
  return { rows, broken }
}
