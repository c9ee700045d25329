import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import type { Sql } from '../../db/client.ts'
import type { Value } from '../columns.ts'

/**
 * Copies batches of rows into a table, with back-pressure. Rejects with the server's error if it refuses a row. The
 * client must have one connection (`max: 1`) and be ended after a failure.
 */
export const copyRows = async (
  sql: Sql,
  target: string,
  batches: AsyncIterable<readonly (readonly Value[])[]>,
): Promise<void> => {
  const query = sql.unsafe(`copy ${target} from stdin`)
  const stream = await query.writable()
  // postgres.js has settled the query by now, so it drops an error of the server, and the stream never ends. Rejecting
  // the query therefore destroys the stream.
  const settled = query as unknown as { reject: (error: Error) => void }
  settled.reject = (error) => stream.destroy(error)
  await pipeline(Readable.from(encodeBatches(batches)), stream)
}

async function* encodeBatches(batches: AsyncIterable<readonly (readonly Value[])[]>): AsyncGenerator<string> {
  for await (const rows of batches) {
    if (rows.length === 0) continue
    // A turn of the event loop, to receive an error even from a server that takes rows as fast as they come.
    await setImmediate()
    let text = ''
    for (const row of rows) text += encodeRow(row)
    yield text
  }
}

/** Encodes a row in the text format of COPY. */
const encodeRow = (row: readonly Value[]): string => {
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
