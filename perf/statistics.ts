import { createHistogram } from 'node:perf_hooks'
import Table from 'cli-table3'

/** The value that a share of the numbers does not exceed; 0 if there are none. */
export const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(share * numbers.length))] ?? 0

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5)

/** The median and the 99th percentile of many durations, in ms. */
export const percentiles = (durationsMs: Iterable<number>): { p50_ms: number; p99_ms: number } => {
  const histogram = createHistogram()
  // In whole microseconds from 1, which is what it counts.
  for (const ms of durationsMs) histogram.record(Math.max(1, Math.round(ms * 1000)))
  if (histogram.count === 0) return { p50_ms: 0, p99_ms: 0 }
  return { p50_ms: histogram.percentile(50) / 1000, p99_ms: histogram.percentile(99) / 1000 }
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
