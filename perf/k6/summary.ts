import { availableParallelism } from 'node:os'
import type { LoadOperation } from '../operations.ts'
import { formatTable } from '../statistics.ts'
import { metrics as read, pauseSeconds, warmupSeconds } from './options.ts'
import { countDue, type Profile, rateAt } from './profiles.ts'

/** The part of the argument of `handleSummary` that is read. */
export type K6Summary = {
  readonly state: { readonly testRunDurationMs: number }
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>>
}

/** Reads the figures of a profile that was measured for so many seconds. */
export const readSummary = (
  { metrics, state }: K6Summary,
  profile: Profile,
  seconds: number,
  operations: readonly LoadOperation[],
) => {
  const value = (metric: string, name: string): number => metrics[metric]?.values[name] ?? 0
  const trend = (metric: string) => ({
    answered: value(metric, 'count'),
    p50_ms: value(metric, 'med'),
    p99_ms: value(metric, 'p(99)'),
  })
  const total = trend(read.answered)
  const failed = value(read.checked, 'fails')
  const refused = value('refused', 'count')
  // A k6 that is short of CPU does not count what it had no time to begin.
  const due = profile.overload === 'break' ? 0 : (countDue(profile, seconds) ?? 0)
  const uncounted = Math.floor(due) - total.answered - failed - refused
  const measuredFor = state.testRunDurationMs / 1000 - warmupSeconds(seconds) - pauseSeconds
  const isBroken = profile.overload === 'break' && measuredFor < seconds
  const names = operations.map(({ name }) => [name, trend(read.answeredBy(name))] as const)
  return {
    rps: total.answered / (isBroken ? measuredFor : seconds),
    mean_ms: value(read.answered, 'avg'),
    p50_ms: total.p50_ms,
    p95_ms: value(read.answered, 'p(95)'),
    p99_ms: total.p99_ms,
    answered: total.answered,
    /** Wrong or missing answers. */
    failed,
    /** Answers 503 with Retry-After, in a profile that overloads. */
    refused,
    /** Requests that were due and not sent. */
    dropped: Math.max(value(read.dropped, 'count'), uncounted),
    /** The arrival rate at which the API no longer kept up. */
    ...(isBroken && { broke_at_rps: rateAt(profile, seconds, measuredFor) }),
    operations: Object.fromEntries(names.filter(([, { answered }]) => answered > 0)),
  }
}

/** The figures of a run; durations are those of right answers. */
export type Summary = ReturnType<typeof readSummary>

/** A number with at most three digits that matter, or all before the point. */
const round = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })

/** A table of the figures and those of the replaced system, and the cores that k6 took of the machine it shares. */
export const formatSummary = (summary: Summary, { replaced }: Profile, k6Cores: number): string => {
  const { operations, broke_at_rps: brokeAt, ...total } = summary
  const rows = [['this run', ...Object.values(total).map(round)]]
  if (replaced) rows.push(['the replaced system', round(replaced.rps), round(replaced.mean_ms)])
  const head = ['', ...Object.keys(total).map((name) => name.replace('_', ' ').replace('rps', 'requests/s'))]
  const byOperation = Object.entries(operations)
    .toSorted(([, a], [, b]) => b.answered - a.answered)
    .map(([name, each]) => [name, ...Object.values(each).map(round)])
  return [
    formatTable(
      head,
      rows.map((row) => head.map((_, index) => row[index] ?? '-')),
    ),
    formatTable(['operation', 'answered', 'p50 ms', 'p99 ms'], byOperation),
    ...(k6Cores > 0 ? [`k6 kept ${round(k6Cores)} of ${availableParallelism()} cores busy.`] : []),
    ...(brokeAt === undefined ? [] : [`The API kept up until ${round(brokeAt)} requests/s were due.`]),
  ].join('\n')
}
