import type { ReadProgress } from './copy/loadTable.ts'

/** Writes a number without decimals: `12,345`. */
export const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** How far all files together are read, and how fast. */
export class Throughput {
  readonly #start = performance.now()
  readonly #files = new Map<string, { size: number; bytes: number; rows: number }>()

  constructor(files: readonly { readonly name: string; readonly bytes: number }[]) {
    for (const { name, bytes } of files) this.#files.set(name, { size: bytes, bytes: 0, rows: 0 })
  }

  read({ file, bytes, rows }: Omit<ReadProgress, 'rejected'>): void {
    const known = this.#files.get(file)
    if (known) Object.assign(known, { bytes, rows })
  }

  finish(file: string, rows: number): void {
    const known = this.#files.get(file)
    if (known) this.read({ file, bytes: known.size, rows })
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
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    return `${whole.format(this.rows / seconds)} rows/s, ${(this.bytes / seconds / 1e6).toFixed(1)} MB/s, ${time} left`
  }

  #sum(figure: (file: { size: number; bytes: number; rows: number }) => number): number {
    return [...this.#files.values()].reduce((sum, file) => sum + figure(file), 0)
  }
}
