import Table from 'cli-table3'
import { Problem } from '../../db/problem.ts'
import type { Figures, Load, Pressure } from './load.ts'
import { median } from '../median.ts'
import { type Ids, type Operation, requestsOf } from '../operations.ts'
import { type Pgbench, scriptOf } from './pgbench.ts'
import type { Bare } from './servers.ts'

/** What is measured, by what, and what it is measured against. */
export type Bench = {
  readonly load: Load
  readonly pgbench: Pgbench | undefined
  readonly api: string
  readonly bare: Bare
  readonly database: string
  readonly ids: Ids
  readonly pressure: Pressure
  readonly rounds: number
}

/** What one measurement gave; the ratios are to what the bare server answered, and PostgreSQL, right after it. */
export type Round = { readonly figures: Figures; readonly ratio: number; readonly pgbenchRatio?: number }

/** Loads an operation as fast as it answers, in rounds. */
export const roundsOf = async (operation: Operation, bench: Bench): Promise<Round[]> => {
  const { load, pgbench, api, bare, database, ids, pressure } = bench
  const requests = requestsOf(operation, ids)
  const script = pgbench && (await scriptOf(operation, ids))
  await bare.imitate(api, requests)
  for (const url of [api, bare.url]) await load(url, requests, { ...pressure, seconds: warmupSeconds })
  const rounds: Round[] = []
  while (rounds.length < bench.rounds) {
    const figures = await load(api, requests, pressure)
    const limit = await load(bare.url, requests, pressure)
    mustBeAnswered(operation, figures, pressure)
    const ofPgbench = pgbench && script && { pgbenchRatio: figures.rps / (await pgbench(database, script, pressure)) }
    rounds.push({ figures, ratio: figures.rps / limit.rps, ...ofPgbench })
  }
  return rounds
}

const warmupSeconds = 2

/** The medians of an operation. */
export type Throughput = {
  readonly operation: string
  readonly path: string
  readonly rps: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly ratio: number
  readonly pgbench_ratio?: number
}

/** Sums up the rounds of an operation, of however many passes. */
export const throughputOf = ({ operation, path }: Operation, rounds: readonly Round[]): Throughput => {
  const medianOf = (figure: (round: Round) => number) => median(rounds.map(figure))
  const ofPgbench = rounds.flatMap(({ pgbenchRatio }) => pgbenchRatio ?? [])
  return {
    operation,
    path,
    rps: Math.round(medianOf(({ figures }) => figures.rps)),
    p50_ms: medianOf(({ figures }) => figures.p50_ms),
    p99_ms: medianOf(({ figures }) => figures.p99_ms),
    ratio: medianOf(({ ratio }) => ratio),
    ...(ofPgbench.length > 0 && { pgbench_ratio: median(ofPgbench) }),
  }
}

// A machine that stalls for a moment makes the API refuse a few; more than that is a fault.
const mustBeAnswered = ({ operation }: Operation, { failed, rps }: Figures, { seconds }: Pressure): void => {
  if (failed > 0.01 * rps * seconds) throw new Problem(`${failed} requests of ${operation} failed.`)
  if (failed > 0) console.error(`${operation}: ${failed} requests were refused or failed`)
}

/** The results as a table. */
export const throughputTable = (results: readonly Throughput[]): string => {
  const table = new Table({
    head: ['operation', 'requests/s', 'p50 ms', 'p99 ms', 'of a bare server', 'of pgbench'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const { operation, rps, p50_ms, p99_ms, ratio, pgbench_ratio } of results) {
    const figures = [rps.toLocaleString('en-US'), p50_ms.toFixed(1), p99_ms.toFixed(1), ratio.toFixed(2)]
    table.push([operation, ...figures, pgbench_ratio?.toFixed(2) ?? '-'])
  }
  return table.toString()
}
