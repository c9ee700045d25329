import { UserError } from '../../db/commandLine.ts'
import { buildRequests, type Ids, type Operation, type Request } from '../operations.ts'
import { formatTable, median, quantile } from '../statistics.ts'
import type { Figures, Load } from './load.ts'
import type { Baseline } from './servers.ts'

/** A server, and ids of what it is asked for. */
export type Side = { readonly url: string; readonly ids: Ids }

export type Setting = {
  /** A bare server, which sends what `after` answers. */
  readonly baseline?: Baseline
  readonly before?: Side | undefined
  readonly after: Side
  readonly rounds: number
  readonly seconds: number
  /** Chooses the load for an operation, which all sides get. */
  readonly choose: (url: string, requests: readonly Request[]) => Promise<Load>
}

/** What one round came to on each side. */
export type Round = { readonly [Name in 'baseline' | 'before' | 'after']?: Figures }

// Long enough that each row was read before: a server of little memory reads it from the system's.
const warmupSeconds = 3

/** Measures an operation on each side in turn, round by round; who was first in one round is last in the next. */
export const compare = async (operation: Operation, setting: Setting): Promise<Round[]> => {
  const { baseline, before, after, seconds, choose } = setting
  const bare = baseline && { url: baseline.url, ids: after.ids }
  const sides = Object.entries({ before, after, baseline: bare }).flatMap(([name, side]) =>
    side ? [{ name, url: side.url, requests: buildRequests(operation, side.ids) }] : [],
  )
  const requests = buildRequests(operation, after.ids)
  await baseline?.imitate(after.url, requests)
  const load = await choose(after.url, requests)
  for (const side of sides) await load(side.url, side.requests, warmupSeconds)
  const rounds: Round[] = []
  while (rounds.length < setting.rounds) {
    const figures: Record<string, Figures> = {}
    for (const side of rounds.length % 2 === 0 ? sides : sides.toReversed()) {
      const found = await load(side.url, side.requests, seconds)
      checkAnswered(operation, found, seconds)
      figures[side.name] = found
    }
    rounds.push(figures)
  }
  return rounds
}

// A machine that stalls for a moment makes a server refuse some; beyond a tenth it is a fault.
const checkAnswered = ({ name }: Operation, { failed, rps }: Figures, seconds: number): void => {
  if (failed > 0.1 * rps * seconds) throw new UserError(`${failed} requests of ${name} failed.`)
  if (failed > 0) console.error(`${name}: ${failed} requests were refused or failed`)
}

/** A column of the table: its head, the digits after the point, and the value of a round, where it has one. */
type Column = readonly [head: string, digits: number, of: (round: Round) => number | undefined]

const share = (part: number | undefined, whole: number | undefined) => part && whole && part / whole

const throughput: readonly Column[] = [
  ['baseline/s', 0, ({ baseline }) => baseline?.rps],
  ['before/s', 0, ({ before }) => before?.rps],
  ['after/s', 0, ({ after }) => after?.rps],
  ['p50 ms', 1, ({ after }) => after?.p50_ms],
  ['p99 before', 1, ({ before }) => before?.p99_ms],
  ['p99 ms', 1, ({ after }) => after?.p99_ms],
  ['of baseline', 2, ({ after, baseline }) => share(after?.rps, baseline?.rps)],
  ['after : before', 2, ({ before, after }) => share(after?.rps, before?.rps)],
]
const latency: readonly Column[] = [
  ['sent/s', 0, ({ after }) => after?.rps],
  ['p50 baseline', 1, ({ baseline }) => baseline?.p50_ms],
  ['p50 before', 1, ({ before }) => before?.p50_ms],
  ['p50 after', 1, ({ after }) => after?.p50_ms],
  ['p99 baseline', 1, ({ baseline }) => baseline?.p99_ms],
  ['p99 before', 1, ({ before }) => before?.p99_ms],
  ['p99 after', 1, ({ after }) => after?.p99_ms],
  ['after : before', 2, ({ before, after }) => share(after?.p99_ms, before?.p99_ms)],
]

/** The medians of rounds by name as a table; of `after : before` the quartiles, too. */
export const compareTable = (measured: ReadonlyMap<string, readonly Round[]>, isLatency = false): string => {
  const all = [...measured.values()].flat()
  const columns = (isLatency ? latency : throughput).filter(([, , of]) => all.some((round) => of(round) !== undefined))
  const cell = (rounds: readonly Round[], [head, digits, of]: Column): string => {
    const values = rounds.flatMap((round) => of(round) ?? [])
    const show = (value: number) =>
      value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    const spread = head === 'after : before' && ` (${show(quantile(values, 0.25))} to ${show(quantile(values, 0.75))})`
    return show(median(values)) + (spread || '')
  }
  const rows = Array.from(measured, ([name, rounds]) => [name, ...columns.map((column) => cell(rounds, column))])
  return formatTable(['operation', ...columns.map(([head]) => head)], rows)
}
