import type { Header } from './header.ts'
import { isBlank, countLines, parse, trimLineEnd, type ParseError } from './parse.ts'

/** A row of a CSV file, and the line on which it starts, counted from 1. */
export type Row = { readonly line: number; readonly cells: readonly string[]; readonly isRepaired: boolean }

/** A line that is not a row, and the reason. */
export type BrokenLine = { readonly line: number; readonly text: string; readonly reason: string }

/** Consecutive rows and broken lines of a file, and the number of the next line. */
export type RecordBatch = { readonly rows: Row[]; readonly broken: BrokenLine[]; nextLine: number }

/** The longest row, in characters: an unclosed quote must not swallow the rest of the file. */
const maxRowLength = 1 << 20

/** The characters parsed at a time; few after an error, so that many errors cost little more than their lines. */
const maxParseLength = 1 << 18
const minParseLength = 1 << 10

/**
 * Reads the rows below the header from the chunks of a file. A row can span lines; a broken one costs only its first
 * line, which is repaired if all it lacks is the closing quote at its end. The text starts with the header if `from` is
 * 1, else with the row on line `from`.
 */
export async function* readRecords(
  chunks: AsyncIterable<string>,
  header: Header,
  from = 1,
): AsyncGenerator<RecordBatch> {
  const reader = new Reader(header, from)
  for await (const chunk of chunks) yield reader.read(chunk)
  yield reader.finish()
}

class Reader {
  readonly #header: Header
  #line: number
  #pending = ''
  #skipsLine: boolean
  #parseLength = maxParseLength

  constructor(header: Header, from: number) {
    this.#header = header
    this.#line = from
    // Line 1 is the header, which is read already.
    this.#skipsLine = from === 1
  }

  read(chunk: string): RecordBatch {
    const text = this.#skipLine(this.#pending + chunk)
    const batch: RecordBatch = { rows: [], broken: [], nextLine: 0 }
    this.#pending = text.slice(this.#parseRows(text, text.lastIndexOf('\n') + 1, false, batch))
    if (this.#pending.length > maxRowLength && !this.#pending.includes('\n')) {
      const reason = `The line is longer than ${maxRowLength} characters: a row is never that long.`
      batch.broken.push({ line: this.#line, text: this.#pending, reason })
      this.#pending = ''
      this.#skipsLine = true
    }
    return this.#complete(batch)
  }

  finish(): RecordBatch {
    const batch: RecordBatch = { rows: [], broken: [], nextLine: 0 }
    this.#parseRows(this.#pending, this.#pending.length, true, batch)
    return this.#complete(batch)
  }

  #complete(batch: RecordBatch): RecordBatch {
    batch.nextLine = this.#skipsLine ? this.#line + 1 : this.#line
    return batch
  }

  #skipLine(text: string): string {
    if (!this.#skipsLine) return text
    const end = text.indexOf('\n')
    if (end === -1) return ''
    this.#skipsLine = false
    this.#line += 1
    return text.slice(end + 1)
  }

  /** Parses a text up to `end`, an end of a line, and returns the index of the first character that is not consumed. */
  #parseRows(text: string, end: number, isLast: boolean, batch: RecordBatch): number {
    let start = 0
    while (start < end) {
      const stop = endOfLine(text, start + this.#parseLength, end)
      const { rows, error } = parse(text.slice(start, stop), this.#header)
      const lines = this.#addRows(rows, batch)
      if (!error) {
        start = stop
        this.#parseLength = Math.min(this.#parseLength * 2, maxParseLength)
        continue
      }
      for (let line = 0; line < lines; line += 1) start = text.indexOf('\n', start) + 1
      if (error.isIncomplete && stop - start < maxRowLength && !(isLast && stop === end)) {
        if (stop === end) return start
        this.#parseLength *= 2
        continue
      }
      const next = endOfLine(text, start, end)
      this.#parseLine(text.slice(start, next), error, batch)
      start = next
      this.#parseLength = minParseLength
    }
    return start
  }

  #addRows(rows: readonly string[][], batch: RecordBatch, isRepaired = false): number {
    const firstLine = this.#line
    for (const cells of rows) {
      if (!isBlank(cells)) batch.rows.push({ line: this.#line, cells, isRepaired })
      this.#line += countLines(cells)
    }
    return this.#line - firstLine
  }

  /** Adds a line that is no row, also by itself: with a closing quote, or as a broken one. */
  #parseLine(text: string, error: ParseError, batch: RecordBatch): void {
    const line = trimLineEnd(text)
    const { isIncomplete, reason } = parse(line, this.#header).error ?? error
    const repaired = isIncomplete ? parse(`${line}"`, this.#header) : undefined
    if (repaired && !repaired.error) this.#addRows(repaired.rows, batch, true)
    else {
      batch.broken.push({ line: this.#line, text: line, reason })
      this.#line += 1
    }
  }
}

/** The index after the end of the line that contains an index. */
const endOfLine = (text: string, index: number, end: number): number => {
  const newline = text.indexOf('\n', index)
  return newline === -1 ? end : newline + 1
}
