import { createHistogram, type Histogram } from '../bench/histogram.ts'

/** What came of requests; durations in milliseconds are those of right answers. */
export type Figures = {
  readonly rps: number
  readonly mean_ms: number
  readonly p50_ms: number
  readonly p95_ms: number
  readonly p99_ms: number
  readonly answered: number
  /** Wrong or missing answers. */
  readonly failed: number
  /** Answers 503 with Retry-After, where overload is what is tried. */
  readonly refused: number
  /** Requests that were due, but nobody was free to send them. */
  readonly dropped: number
}

/** The figures of a stretch of time that begins `at` so many seconds after the first request. */
export type Interval = Figures & { readonly at: number }

/** What k6 measured, as it arrives. */
export type Samples = {
  /** Takes a line of k6's CSV with times in milliseconds. */
  readonly take: (line: string) => void
  /** When the first measured request was sent, in milliseconds since 1970. */
  readonly begin: () => number | undefined
  readonly total: () => Figures
  readonly operations: () => { readonly operation: string; readonly figures: Figures }[]
  readonly intervals: () => Interval[]
}

type Tally = { readonly latencies: Histogram; failed: number; refused: number; dropped: number }

const createTally = (): Tally => ({ latencies: createHistogram(), failed: 0, refused: 0, dropped: 0 })

const figuresOf = ({ latencies, failed, refused, dropped }: Tally, seconds: number): Figures => ({
  rps: seconds > 0 ? latencies.count() / seconds : 0,
  mean_ms: latencies.mean(),
  p50_ms: latencies.quantile(0.5),
  p95_ms: latencies.quantile(0.95),
  p99_ms: latencies.quantile(0.99),
  answered: latencies.count(),
  failed,
  refused,
  dropped,
})

const metrics = new Set(['http_req_duration', 'checks', 'refused', 'dropped_iterations'])

/** Sums up what k6 says of its scenario `measured`, which lasts so many seconds, in intervals of whole ones: at most 240. */
export const createSamples = (planned: number): Samples => {
  const width = Math.ceil(planned / 240)
  const last = Math.ceil(planned / width) - 1
  let columns: readonly string[] | undefined
  let begin: number | undefined
  let end = 0
  const total = createTally()
  const operations = new Map<string, Tally>()
  const intervals: Tally[] = []

  const count = (tally: Tally, metric: string, value: number, status: string): void => {
    if (metric === 'http_req_duration' && status.startsWith('2')) tally.latencies.add(value)
    if (metric === 'checks') tally.failed += 1 - value
    if (metric === 'refused') tally.refused += value
    if (metric === 'dropped_iterations') tally.dropped += value
  }

  const take = (line: string): void => {
    const metric = line.slice(0, line.indexOf(','))
    // Most lines are of other metrics, and there are fifteen for each request.
    if (columns && !metrics.has(metric)) return
    const cells = line.split(',')
    if (!columns) return void (columns = cells)
    const [, time, number] = cells
    const cell = (name: string) => cells[columns?.indexOf(name) ?? -1] ?? ''
    if (cell('scenario') !== 'measured') return
    const at = Number(time)
    const value = Number(number)
    begin ??= metric === 'http_req_duration' ? at - value : at
    end = Math.max(end, at)
    // What was sent in time and answered after it belongs to the last interval.
    const index = Math.min(last, Math.max(0, Math.floor((at - begin) / 1000 / width)))
    while (intervals.length <= index) intervals.push(createTally())
    const name = cell('name')
    if (name && !operations.has(name)) operations.set(name, createTally())
    for (const tally of [total, intervals[index], operations.get(name)])
      if (tally) count(tally, metric, value, cell('status'))
  }

  const seconds = () => (begin === undefined ? 0 : (end - begin) / 1000)
  return {
    take,
    begin: () => begin,
    total: () => figuresOf(total, seconds()),
    operations: () =>
      [...operations]
        .map(([operation, tally]) => ({ operation, figures: figuresOf(tally, seconds()) }))
        .toSorted((a, b) => b.figures.answered - a.figures.answered),
    intervals: () =>
      intervals.map((tally, index) => ({
        at: index * width,
        ...figuresOf(tally, Math.min(width, planned - index * width)),
      })),
  }
}

/** The best interval before three in a row in which the API did not keep up. */
export const kneeOf = (intervals: readonly Interval[]): Interval | undefined => {
  const lags = ({ answered, failed, refused, dropped, p99_ms }: Interval) =>
    failed + refused + dropped > 0.01 * answered || p99_ms > 1000
  const from = intervals.findIndex(
    (_, index) => index + 2 < intervals.length && intervals.slice(index, index + 3).every(lags),
  )
  if (from < 0) return undefined
  return intervals.slice(0, from + 1).reduce((best, interval) => (interval.rps > best.rps ? interval : best))
}
