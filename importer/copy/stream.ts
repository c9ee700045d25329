import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import type { Sql } from '../../db/client.ts'
import type { Value } from '../columns.ts'

/**
 * Sends rows to a table, as many at a time as come together, and no faster than the server takes them. It rejects with
 * the server's words when that refuses one. The client must have one connection (`max: 1`) and be ended after a failure.
 */
export const copy = async (
  sql: Sql,
  target: string,
  batches: AsyncIterable<readonly (readonly Value[])[]>,
): Promise<void> => {
  const query = sql.unsafe(`copy ${target} from stdin`)
  const stream = await query.writable()
  // From here on postgres.js tells nobody when the server refuses a row: its query is settled already, and a stream that
  // has sent all that it had waits for ever. What would reject the query therefore ends the stream.
  const settled = query as unknown as { reject: (error: Error) => void }
  settled.reject = (error) => stream.destroy(error)
  await pipeline(Readable.from(linesOf(batches)), stream)
}

async function* linesOf(batches: AsyncIterable<readonly (readonly Value[])[]>): AsyncGenerator<string> {
  for await (const rows of batches) {
    if (rows.length === 0) continue
    // A turn of the loop, in which a refusal is heard, also from a server that takes rows as fast as they come.
    await setImmediate()
    let text = ''
    for (const row of rows) text += lineOf(row)
    yield text
  }
}

/** A row in the text format of COPY. */
const lineOf = (row: readonly Value[]): string => {
  let line = ''
  let separator = ''
  for (const value of row) {
    line += separator + (value === null ? '\\N' : special.test(value) ? value.replaceAll(specials, escaped) : value)
    separator = '\t'
  }
  return `${line}\n`
}

const special = /[\\\n\r\t]/
const specials = /[\\\n\r\t]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escaped = (character: string): string => escapes[character] ?? character
