import { createReadStream, type ReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../db/commandLine.ts'

/** How much of a file is read at a time, in bytes. */
export const chunkBytes = 1 << 18

/** Whether a name is that of a file packed with gzip. */
export const isPacked = (name: string): boolean => /\.gz$/i.test(name)

/** A file and its bytes, which are unpacked if its name says that they are packed. */
export const openFile = (
  path: string,
  atOnce = chunkBytes,
): { readonly file: ReadStream; readonly bytes: Readable } => {
  const file = createReadStream(path, { highWaterMark: atOnce })
  if (!isPacked(path)) return { file, bytes: file }
  const bytes = createGunzip({ chunkSize: Math.max(atOnce, 64) })
  // What the file fails with, its bytes fail with.
  pipeline(file, bytes, () => {})
  return { file, bytes }
}

/** A `UserError` for what zlib throws at a file that is cut off or damaged, and undefined for all else. */
export const unpackProblem = (path: string, error: unknown): UserError | undefined => {
  const { code, message } = error as NodeJS.ErrnoException
  if (!code?.startsWith('Z_')) return undefined
  return new UserError(`${path} is no whole gzip file (${message}): fetch or pack it again, and import again.`)
}

/** The text of a file from a line on, counted from 1, and how many bytes of the file are read (packed ones, if it is). */
export class TextFile {
  readonly #opened: ReturnType<typeof openFile>
  readonly #from: number

  constructor(path: string, from = 1, atOnce = chunkBytes) {
    this.#opened = openFile(path, atOnce)
    this.#from = from
  }

  get bytesRead(): number {
    return this.#opened.file.bytesRead
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    // Keeps a character whole that two chunks share.
    const decoder = new StringDecoder('utf8')
    let toSkip = this.#from - 1
    for await (const chunk of this.#opened.bytes as AsyncIterable<Buffer>) {
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
