import { createHistogram } from 'node:perf_hooks'
import Table from 'cli-table3'

/** The value that a share of the numbers does not exceed; 0 if there are none. */
export const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(share * numbers.length))] ?? 0

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5)

/** Counts durations, in ms; the memory that it takes does not grow with them. */
export const createDurations = () => {
  // In whole microseconds from 1, which is what a histogram counts.
  const histogram = createHistogram()
  const read = (us: number) => (histogram.count === 0 ? 0 : us / 1000)
  return {
    add: (ms: number): void => histogram.record(Math.max(1, Math.round(ms * 1000))),
    sumUp: () => ({ p50_ms: read(histogram.percentile(50)), p99_ms: read(histogram.percentile(99)) }),
    max: () => read(histogram.max),
  }
}

/** Rows under their heads as text for a terminal: the first column to the left, the others to the right. */
export const formatTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
