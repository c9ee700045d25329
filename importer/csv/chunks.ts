import { createReadStream, type ReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../db/commandLine.ts'

/** The bytes of a file that are read at a time. */
export const chunkBytes = 1 << 18

export const isGzipped = (name: string): boolean => /\.gz$/i.test(name)

/** A stream of a file and one of its content, which is decompressed if the name ends with `.gz`. */
export const openFile = (
  path: string,
  chunkSize = chunkBytes,
): { readonly file: ReadStream; readonly bytes: Readable } => {
  const file = createReadStream(path, { highWaterMark: chunkSize })
  if (!isGzipped(path)) return { file, bytes: file }
  const bytes = createGunzip({ chunkSize: Math.max(chunkSize, 64) })
  // An error of the file becomes one of its bytes.
  pipeline(file, bytes, () => {})
  return { file, bytes }
}

/** The `UserError` for an error of zlib, which means a truncated or damaged file; undefined for other errors. */
export const unpackError = (path: string, error: unknown): UserError | undefined => {
  const { code, message } = error as NodeJS.ErrnoException
  if (!code?.startsWith('Z_')) return undefined
  return new UserError(`${path} is no whole gzip file (${message}): fetch or pack it again, and import again.`)
}

/** The text of a file from a line on, counted from 1. `bytesRead` counts bytes on disk, before decompression. */
export class TextFile {
  readonly #opened: ReturnType<typeof openFile>
  readonly #from: number

  constructor(path: string, from = 1, chunkSize = chunkBytes) {
    this.#opened = openFile(path, chunkSize)
    this.#from = from
  }

  get bytesRead(): number {
    return this.#opened.file.bytesRead
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    // Two chunks can share a character.
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
