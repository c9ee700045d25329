import { UserError } from '../../db/commandLine.ts'
import { buildRequests, type LoadOperation, type Request, type SampleIds } from '../operations.ts'
import { formatTable, median, quantile } from '../statistics.ts'
import type { LoadResult, RunLoad } from './load.ts'
import type { Baseline } from './servers.ts'

/** A server that is measured, and ids of rows in its database. */
export type Side = { readonly url: string; readonly ids: SampleIds }

export type LoadOptions = {
  /** A bare server, which sends what `after` answers. */
  readonly baseline?: Baseline
  readonly before?: Side | undefined
  readonly after: Side
  readonly rounds: number
  readonly seconds: number
  /** Chooses the load for an operation, which all sides get. */
  readonly choose: (url: string, requests: readonly Request[]) => Promise<RunLoad>
}

/** The result of one round for each side. */
export type Round = { readonly [Name in 'baseline' | 'before' | 'after']?: LoadResult }

// Long enough that each row was read before: a server of little memory reads it from the system's.
const warmupSeconds = 3

/** Measures an operation on each side in turn, round by round; who was first in one round is last in the next. */
export const compare = async (operation: LoadOperation, options: LoadOptions): Promise<Round[]> => {
  const { baseline, before, after, seconds, choose } = options
  const bare = baseline && { url: baseline.url, ids: after.ids }
  const sides = Object.entries({ baseline: bare, before, after }).flatMap(([name, side]) =>
    side ? [{ name, url: side.url, requests: buildRequests(operation, side.ids) }] : [],
  )
  const requests = buildRequests(operation, after.ids)
  await baseline?.imitate(after.url, requests)
  const load = await choose(after.url, requests)
  for (const side of sides) await load(side.url, side.requests, warmupSeconds)
  const rounds: Round[] = []
  while (rounds.length < options.rounds) {
    const round: Record<string, LoadResult> = {}
    for (const side of rounds.length % 2 === 0 ? sides : sides.toReversed()) {
      const result = await load(side.url, side.requests, seconds)
      checkAnswered(operation, result, seconds)
      round[side.name] = result
    }
    rounds.push(round)
  }
  return rounds
}

// A machine that stalls for a moment makes a server refuse some; beyond a tenth something is wrong.
const checkAnswered = ({ name }: LoadOperation, { failed, rps }: LoadResult, seconds: number): void => {
  if (failed > 0.1 * rps * seconds) throw new UserError(`${failed} requests of ${name} failed.`)
  if (failed > 0) console.error(`${name}: ${failed} requests were refused or failed`)
}

type Value = (round: Round) => number | undefined
/** A column of the table: its head, and its text for some rounds, undefined where these lack its value. */
type Column = readonly [head: string, toText: (rounds: readonly Round[]) => string | undefined]

const format = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const medianColumn = (head: string, digits: number, value: Value): Column => [
  head,
  (rounds) => {
    const values = rounds.flatMap((round) => value(round) ?? [])
    return values.length > 0 ? format(median(values), digits) : undefined
  },
]

const perSecond = (name: keyof Round) => medianColumn(`${name}/s`, 0, (round) => round[name]?.rps)
const duration = (percentile: 'p50' | 'p99', name: keyof Round) =>
  medianColumn(`${percentile} ${name}, ms`, 1, (round) => round[name]?.[`${percentile}_ms`])

/** A figure of this API over that of the other, round by round, and its quartiles. */
const ratioColumns = (figure: 'rps' | 'p99_ms'): Column[] => {
  const value: Value = ({ before, after }) => before && after && after[figure] / before[figure]
  const spread = (rounds: readonly Round[]): string | undefined => {
    const ratios = rounds.flatMap((round) => value(round) ?? [])
    if (ratios.length === 0) return undefined
    return `${format(quantile(ratios, 0.25), 2)} to ${format(quantile(ratios, 0.75), 2)}`
  }
  return [medianColumn('after / before', 2, value), ['quartiles', spread]]
}

const throughput: readonly Column[] = [
  ...(['baseline', 'before', 'after'] as const).map(perSecond),
  ...ratioColumns('rps'),
  medianColumn('after / baseline', 2, ({ after, baseline }) => after && baseline && after.rps / baseline.rps),
  duration('p50', 'after'),
  duration('p99', 'before'),
  duration('p99', 'after'),
]
const latency: readonly Column[] = [
  perSecond('after'),
  ...(['p50', 'p99'] as const).flatMap((percentile) =>
    (['baseline', 'before', 'after'] as const).map((name) => duration(percentile, name)),
  ),
  ...ratioColumns('p99_ms'),
]

/** The medians of rounds by name as a table, and the quartiles of their ratios. */
export const compareTable = (measured: ReadonlyMap<string, readonly Round[]>, isLatency = false): string => {
  const all = [...measured.values()].flat()
  const columns = (isLatency ? latency : throughput).filter(([, toText]) => toText(all) !== undefined)
  const rows = Array.from(measured, ([name, rounds]) => [name, ...columns.map(([, toText]) => toText(rounds) ?? '')])
  return formatTable(['operation', ...columns.map(([head]) => head)], rows)
}
