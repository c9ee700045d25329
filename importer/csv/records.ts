import type { Header } from './header.ts'
import { isBlank, linesOf, parse, withoutNewline, type Fault } from './parse.ts'

/** A row of a CSV file, and the line that it starts on, counted from 1. */
export type Row = { readonly line: number; readonly cells: readonly string[]; readonly isRepaired: boolean }

/** A line that is no row, and why. */
export type Broken = { readonly line: number; readonly text: string; readonly reason: string }

/** A part of a file, in its order, and the line that follows. */
export type Batch = { readonly rows: Row[]; readonly broken: Broken[]; next: number }

/** No row is longer, in characters: a quote that is never closed must not gather the rest of the file. */
const longest = 1 << 20

/** How much is parsed at a time, and how little at first after a fault, so that many faults cost no more than their lines. */
const mostAtOnce = 1 << 18
const leastAtOnce = 1 << 10

/**
 * Reads the rows below the header from the text of a file, however that is cut into chunks. A row may go over many lines;
 * one that is broken costs its first line alone, which is repaired if all it lacks is the closing quote at its end. The
 * text starts with the header, or with the row of a line below it.
 */
export async function* readRecords(chunks: AsyncIterable<string>, header: Header, from = 1): AsyncGenerator<Batch> {
  const reader = new Reader(header, from)
  for await (const chunk of chunks) yield reader.read(chunk)
  yield reader.finish()
}

class Reader {
  readonly #header: Header
  #line: number
  #rest = ''
  #skipsLine: boolean
  #atOnce = mostAtOnce

  constructor(header: Header, from: number) {
    this.#header = header
    this.#line = from
    // The header's line is read already.
    this.#skipsLine = from === 1
  }

  read(chunk: string): Batch {
    const text = this.#skipLine(this.#rest + chunk)
    const batch: Batch = { rows: [], broken: [], next: 0 }
    this.#rest = text.slice(this.#take(text, text.lastIndexOf('\n') + 1, false, batch))
    if (this.#rest.length > longest && !this.#rest.includes('\n')) {
      const reason = `The line is longer than ${longest} characters: a row is never that long.`
      batch.broken.push({ line: this.#line, text: this.#rest, reason })
      this.#rest = ''
      this.#skipsLine = true
    }
    return this.#ended(batch)
  }

  finish(): Batch {
    const batch: Batch = { rows: [], broken: [], next: 0 }
    if (!this.#skipsLine) this.#take(this.#rest, this.#rest.length, true, batch)
    return this.#ended(batch)
  }

  #ended(batch: Batch): Batch {
    batch.next = this.#skipsLine ? this.#line + 1 : this.#line
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

  /** Reads the rows of a text up to an end of a line, and returns how far it came: an unfinished row is left for later. */
  #take(text: string, end: number, isLast: boolean, batch: Batch): number {
    let at = 0
    while (at < end) {
      const stop = lineEnd(text, at + this.#atOnce, end)
      const { rows, fault } = parse(text.slice(at, stop), this.#header)
      const lines = this.#push(rows, batch)
      if (!fault) {
        at = stop
        this.#atOnce = Math.min(this.#atOnce * 2, mostAtOnce)
        continue
      }
      for (let n = 0; n < lines; n += 1) at = text.indexOf('\n', at) + 1
      if (fault.isOpen && stop - at < longest && !(isLast && stop === end)) {
        if (stop === end) return at
        this.#atOnce *= 2
        continue
      }
      const next = lineEnd(text, at, end)
      this.#takeLine(text.slice(at, next), fault, batch)
      at = next
      this.#atOnce = leastAtOnce
    }
    return at
  }

  #push(rows: readonly string[][], batch: Batch, isRepaired = false): number {
    const start = this.#line
    for (const cells of rows) {
      if (!isBlank(cells)) batch.rows.push({ line: this.#line, cells, isRepaired })
      this.#line += linesOf(cells)
    }
    return this.#line - start
  }

  #takeLine(text: string, fault: Fault, batch: Batch): void {
    const line = withoutNewline(text)
    const alone = parse(line, this.#header)
    const repaired = alone.fault?.isOpen ? parse(`${line}"`, this.#header) : undefined
    if (!alone.fault) this.#push(alone.rows, batch)
    else if (repaired && !repaired.fault) this.#push(repaired.rows, batch, true)
    else {
      batch.broken.push({ line: this.#line, text: line, reason: (alone.fault ?? fault).reason })
      this.#line += 1
    }
  }
}

/** The index behind the line that an index is in. */
const lineEnd = (text: string, index: number, end: number): number => {
  const newline = index >= end ? -1 : text.indexOf('\n', index)
  return newline === -1 ? end : newline + 1
}
