import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { main, Problem } from '../db/problem.ts'
import { findLoad, type Figures, type Load, type Pressure } from './load.ts'
import { operations, requestsOf, type Operation } from './operations.ts'
import { startApi, startBare, type Bare } from './servers.ts'
import { openShop } from './shop.ts'

const help = `npm run bench [-- options]

Measures every GET and the main writes against a bare node:http server that sends the same bytes, round by round,
and shows the medians.

  --products N      how many products the shop has (1000)
  --connections N   how many connections are used at once (128)
  --duration N      seconds for each measurement (3)
  --rounds N        measurements of each operation (3)
  --only TEXT       only the operations whose name has this in it
  --json FILE       also writes the results as JSON
  --help            shows this`

type Result = { operation: string; path: string; rps: number; p50_ms: number; p99_ms: number; ratio: number }

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0

const whole = (name: string, text: string): number => {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw new Problem(`--${name} is ${text}: give it a whole number from 1.`)
  return Number(text)
}

const readArguments = () => {
  const options = {
    products: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '128' },
    duration: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: npm run bench -- --help shows what there is.`)
  }
}

type Bench = {
  readonly load: Load
  readonly api: string
  readonly bare: Bare
  readonly pressure: Pressure
  readonly rounds: number
}

const measure = async (
  { load, api, bare, pressure, rounds }: Bench,
  operation: Operation,
  requests: ReturnType<typeof requestsOf>,
): Promise<Result> => {
  await bare.imitate(api, requests)
  await load(api, requests, { ...pressure, seconds: 1 })
  const answered: Figures[] = []
  const ratios: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const figures = await load(api, requests, pressure)
    const limit = await load(bare.url, requests, pressure)
    // A machine that stalls for a moment makes the API refuse a few; more than that is a fault.
    if (figures.failed > 0.01 * figures.rps * pressure.seconds) {
      throw new Problem(`${figures.failed} requests of ${operation.operation} failed.`)
    }
    if (figures.failed > 0) console.error(`${operation.operation}: ${figures.failed} requests were refused or failed`)
    answered.push(figures)
    ratios.push(figures.rps / limit.rps)
  }
  return {
    operation: operation.operation,
    path: operation.path,
    rps: Math.round(median(answered.map(({ rps }) => rps))),
    p50_ms: median(answered.map(({ p50_ms }) => p50_ms)),
    p99_ms: median(answered.map(({ p99_ms }) => p99_ms)),
    ratio: median(ratios),
  }
}

const tableOf = (results: readonly Result[]): string => {
  const table = new Table({
    head: ['operation', 'requests/s', 'p50 ms', 'p99 ms', 'of a bare server'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const { operation, rps, p50_ms, p99_ms, ratio } of results) {
    table.push([operation, rps.toLocaleString('en-US'), p50_ms.toFixed(1), p99_ms.toFixed(1), ratio.toFixed(2)])
  }
  return table.toString()
}

await main(async () => {
  const values = readArguments()
  if (values.help) return console.log(help)
  const pressure = {
    connections: whole('connections', values.connections),
    seconds: whole('duration', values.duration),
  }
  const rounds = whole('rounds', values.rounds)
  const chosen = operations.filter(({ operation }) => operation.includes(values.only))
  if (chosen.length === 0)
    throw new Problem(
      `--only ${values.only} leaves nothing: npm run bench measures ${operations.map(({ operation }) => operation).join(', ')}.`,
    )

  const { name, load } = await findLoad()
  const shop = await openShop(whole('products', values.products))
  const api = await startApi(shop.url)
  const bare = await startBare()
  const results: Result[] = []
  try {
    console.error(`${values.products} products, ${pressure.connections} connections, ${name}, Node ${process.version}`)
    for (const operation of chosen) {
      const requests = requestsOf(operation, shop.ids)
      const result = await measure({ load, api: api.url, bare, pressure, rounds }, operation, requests)
      console.error(`${result.operation}: ${result.rps} requests/s, ${result.ratio.toFixed(2)} of a bare server`)
      results.push(result)
    }
  } finally {
    bare.stop()
    await api.stop()
    await shop.close()
  }
  console.log(tableOf(results))
  if (values.json) await writeFile(values.json, `${JSON.stringify({ results }, undefined, 2)}\n`)
})
