import { createReadStream, type ReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** How much of a file is read at a time, in bytes. */
export const chunkBytes = 1 << 18

/** The text of a file from a line on, counted from 1, and how many bytes of the file are read. */
export class TextFile {
  readonly #stream: ReadStream
  readonly #from: number

  constructor(path: string, from = 1, atOnce = chunkBytes) {
    this.#stream = createReadStream(path, { highWaterMark: atOnce })
    this.#from = from
  }

  get bytesRead(): number {
    return this.#stream.bytesRead
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    // Keeps a character whole that two chunks share.
    const decoder = new StringDecoder('utf8')
    let toSkip = this.#from - 1
    for await (const chunk of this.#stream as AsyncIterable<Buffer>) {
      let at = 0
      for (; toSkip > 0 && at < chunk.length; toSkip -= 1) {
        const newline = chunk.indexOf(10, at)
        at = newline === -1 ? chunk.length : newline + 1
        if (newline === -1) break
      }
      yield decoder.write(chunk.subarray(at))
    }
    yield decoder.end()
  }
}
