import Table from 'cli-table3'
import { createHistogram } from './histogram.ts'
import { median } from '../median.ts'
import { arrive } from './constantArrivalRate.ts'
import { type Operation, requestsOf } from '../operations.ts'
import type { Bench } from './throughput.ts'

type Quantiles = { readonly p50_ms: number; readonly p99_ms: number }

/** How long an operation takes at half of what it can answer, and how long the bare server does at the same rate: medians of rounds. */
export type Latency = Quantiles & {
  readonly operation: string
  readonly path: string
  readonly rate: number
  readonly bare_p50_ms: number
  readonly bare_p99_ms: number
}

// Enough that none is missing at half of what the API can answer, unless it stalls.
const connections = 1024

/** Finds what an operation can answer, and sends half of that at a steady rate, in rounds. */
export const latencyOf = async (operation: Operation, bench: Bench): Promise<Latency> => {
  const { load, api, bare, ids, pressure, rounds } = bench
  const requests = requestsOf(operation, ids)
  await bare.imitate(api, requests)
  await load(api, requests, { ...pressure, seconds: 1 })
  const rate = Math.round((await load(api, requests, pressure)).rps / 2)

  const measure = async (url: string): Promise<Quantiles> => {
    const { answers } = await arrive(url, requests, { rate, seconds: pressure.seconds, connections })
    const durations = createHistogram()
    for (const { due, end } of answers) durations.add(end - due)
    return { p50_ms: durations.quantile(0.5), p99_ms: durations.quantile(0.99) }
  }
  const limits: Quantiles[] = []
  const own: Quantiles[] = []
  for (let round = 0; round < rounds; round += 1) {
    limits.push(await measure(bare.url))
    own.push(await measure(api))
  }
  const { operation: name, path } = operation
  return {
    operation: name,
    path,
    rate,
    p50_ms: median(own.map(({ p50_ms }) => p50_ms)),
    p99_ms: median(own.map(({ p99_ms }) => p99_ms)),
    bare_p50_ms: median(limits.map(({ p50_ms }) => p50_ms)),
    bare_p99_ms: median(limits.map(({ p99_ms }) => p99_ms)),
  }
}

/** The results as a table. */
export const latencyTable = (results: readonly Latency[]): string => {
  const table = new Table({
    head: ['operation', 'requests/s', 'p50 ms', 'p99 ms', 'bare p50 ms', 'bare p99 ms'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const { operation, rate, ...times } of results) {
    const { p50_ms, p99_ms, bare_p50_ms, bare_p99_ms } = times
    const figures = [p50_ms, p99_ms, bare_p50_ms, bare_p99_ms].map((ms) => ms.toFixed(1))
    table.push([operation, rate.toLocaleString('en-US'), ...figures])
  }
  return table.toString()
}
