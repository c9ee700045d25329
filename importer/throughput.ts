import type { ReadProgress } from './copy/loadTable.ts'

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A number without decimals: `12,345`. */
export const formatInteger = (value: number): string => integers.format(value)

/** Seconds as minutes and seconds: `1:05`. */
const formatDuration = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

/** The progress and speed of reading all files. */
export class Throughput {
  readonly #start = performance.now()
  readonly #files = new Map<string, { size: number; bytes: number; rows: number }>()

  constructor(files: readonly { readonly name: string; readonly bytes: number }[]) {
    for (const { name, bytes } of files) this.#files.set(name, { size: bytes, bytes: 0, rows: 0 })
  }

  read({ file: name, bytes, rows }: Omit<ReadProgress, 'rejected'>): void {
    const file = this.#files.get(name)
    if (file) Object.assign(file, { bytes, rows })
  }

  finish(name: string, rows: number): void {
    const file = this.#files.get(name)
    if (file) this.read({ file: name, bytes: file.size, rows })
  }

  get size(): number {
    return this.#sum(({ size }) => size)
  }

  get bytes(): number {
    return this.#sum(({ bytes }) => bytes)
  }

  get rows(): number {
    return this.#sum(({ rows }) => rows)
  }

  /** `1,200 rows/s, 3.4 MB/s, 1:05 left` */
  get text(): string {
    const seconds = Math.max((performance.now() - this.#start) / 1000, 0.001)
    const left = this.bytes === 0 ? 0 : Math.round((seconds / this.bytes) * (this.size - this.bytes))
    const speed = `${formatInteger(this.rows / seconds)} rows/s, ${(this.bytes / seconds / 1e6).toFixed(1)} MB/s`
    return `${speed}, ${formatDuration(left)} left`
  }

  #sum(value: (file: { size: number; bytes: number; rows: number }) => number): number {
    return [...this.#files.values()].reduce((sum, file) => sum + value(file), 0)
  }
}
