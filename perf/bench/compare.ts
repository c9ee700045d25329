import { Problem } from '../../db/problem.ts'
import { buildRequests, type Ids, type Operation, type Request } from '../operations.ts'
import { formatTable, median, quantile } from '../statistics.ts'
import type { Figures } from './load.ts'
import { buildScript, type Pgbench } from './pgbench.ts'
import type { Baseline } from './servers.ts'

/** The figures of one round: the API, the same of another checkout, a bare server, and lookups a second of pgbench. */
export type Round = {
  readonly baseline: Figures
  readonly before?: Figures
  readonly after: Figures
  readonly pgbench?: number
}

/** Loads one server with some requests for so many seconds. */
export type Measure = (url: string, requests: readonly Request[], seconds: number) => Promise<Figures>

export type Setting = {
  readonly ids: Ids
  readonly baseline: Baseline
  readonly before: string | undefined
  readonly after: string
  readonly rounds: number
  readonly seconds: number
  /** Chooses how an operation is measured, once its servers are warm. */
  readonly choose: (url: string, requests: readonly Request[]) => Promise<Measure>
  readonly pgbench: Pgbench | undefined
}

const warmupSeconds = 2

/** Measures an operation on each server in turn, round by round; who was first in one round is last in the next. */
export const compare = async (operation: Operation, setting: Setting): Promise<Round[]> => {
  const { ids, baseline, before, after, seconds, choose, pgbench } = setting
  const requests = buildRequests(operation, ids)
  await baseline.imitate(after, requests)
  const measure = await choose(after, requests)
  const urls = { ...(before !== undefined && { before }), after, baseline: baseline.url }
  for (const url of Object.values(urls)) await measure(url, requests, warmupSeconds)
  const script = pgbench && (await buildScript(operation, ids))
  const rounds: Round[] = []
  while (rounds.length < setting.rounds) {
    const turns = Object.entries(urls)
    const figures: Record<string, Figures> = {}
    for (const [name, url] of rounds.length % 2 === 0 ? turns : turns.toReversed()) {
      figures[name] = await measure(url, requests, seconds)
      checkAnswered(operation, figures[name], seconds)
    }
    const lookups = script && { pgbench: await pgbench(script, seconds) }
    rounds.push({ ...(figures as Pick<Round, 'baseline' | 'before' | 'after'>), ...lookups })
  }
  return rounds
}

// A machine that stalls for a moment makes a server refuse a few; more than that is a fault.
const checkAnswered = ({ name }: Operation, { failed, rps }: Figures, seconds: number): void => {
  if (failed > 0.01 * rps * seconds) throw new Problem(`${failed} requests of ${name} failed.`)
  if (failed > 0) console.error(`${name}: ${failed} requests were refused or failed`)
}

/** A column of the table: its head, and the value of one round; nothing where the round lacks it. */
type Column = readonly [head: string, of: (round: Round) => number | undefined, digits: number, showsSpread?: true]

const share = (part: number | undefined, whole: number | undefined) => part && whole && part / whole

const throughputColumns: readonly Column[] = [
  ['baseline/s', ({ baseline }) => baseline.rps, 0],
  ['before/s', ({ before }) => before?.rps, 0],
  ['after/s', ({ after }) => after.rps, 0],
  ['p50 ms', ({ after }) => after.p50_ms, 1],
  ['p99 before', ({ before }) => before?.p99_ms, 1],
  ['p99 ms', ({ after }) => after.p99_ms, 1],
  ['of baseline', ({ after, baseline }) => share(after.rps, baseline.rps), 2],
  ['of pgbench', ({ after, pgbench }) => share(after.rps, pgbench), 2],
  ['after : before', ({ before, after }) => share(after.rps, before?.rps), 2, true],
]
const latencyColumns: readonly Column[] = [
  ['sent/s', ({ after }) => after.rps, 0],
  ['p50 baseline', ({ baseline }) => baseline.p50_ms, 1],
  ['before', ({ before }) => before?.p50_ms, 1],
  ['after', ({ after }) => after.p50_ms, 1],
  ['p99 baseline', ({ baseline }) => baseline.p99_ms, 1],
  ['before', ({ before }) => before?.p99_ms, 1],
  ['after', ({ after }) => after.p99_ms, 1],
  ['after : before', ({ before, after }) => share(after.p99_ms, before?.p99_ms), 2, true],
]

/** The medians of the rounds of each operation as a table, and of the ratio to `before` the quartiles, too. */
export const compareTable = (measured: ReadonlyMap<Operation, readonly Round[]>, isLatency: boolean): string => {
  const columns = (isLatency ? latencyColumns : throughputColumns).filter(([, of]) =>
    [...measured.values()].flat().some((round) => of(round) !== undefined),
  )
  const cell = (rounds: readonly Round[], [, of, digits, showsSpread]: Column): string => {
    const values = rounds.flatMap((round) => of(round) ?? [])
    const show = (value: number) =>
      value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    if (values.length === 0) return '-'
    if (!showsSpread) return show(median(values))
    return `${show(median(values))} (${show(quantile(values, 0.25))} to ${show(quantile(values, 0.75))})`
  }
  return formatTable(
    ['operation', ...columns.map(([head]) => head)],
    Array.from(measured, ([{ name }, rounds]) => [name, ...columns.map((column) => cell(rounds, column))]),
  )
}
