import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import Papa from 'papaparse'
import type { Sql } from '../db/connect.ts'
import type { Value } from './columns.ts'

/**
 * Sends rows to a table, as many at a time as come together, and no faster than the server takes them. It rejects with
 * the server's words when that refuses one. The client must have one connection (`max: 1`) and be ended after a failure.
 */
export const copy = async (
  sql: Sql,
  target: string,
  batches: AsyncIterable<readonly (readonly Value[])[]>,
): Promise<void> => {
  const query = sql.unsafe(`copy ${target} from stdin with (format csv)`)
  const stream = await query.writable()
  // From here on postgres.js tells nobody when the server refuses a row: its query is settled already, and a stream that
  // has sent all that it had waits for ever. What would reject the query therefore ends the stream.
  const settled = query as unknown as { reject: (error: Error) => void }
  settled.reject = (error) => stream.destroy(error)
  await pipeline(Readable.from(linesOf(batches)), stream)
}

/** Quotes every value but null, which is how COPY tells an empty text from none. */
async function* linesOf(batches: AsyncIterable<readonly (readonly Value[])[]>): AsyncGenerator<string> {
  for await (const rows of batches) {
    if (rows.length === 0) continue
    // A turn of the loop, in which a refusal is heard, also from a server that takes rows as fast as they come.
    await setImmediate()
    yield `${Papa.unparse([...rows] as Value[][], { header: false, quotes: true, newline: '\n' })}\n`
  }
}
