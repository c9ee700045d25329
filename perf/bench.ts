import { writeFile } from 'node:fs/promises'
import { main } from '../db/problem.ts'
import { chosenBy, readOptions, whole } from './arguments.ts'
import { latencyOf, latencyTable } from './latency.ts'
import { findLoad } from './load.ts'
import { operations } from './operations.ts'
import { findPgbench } from './pgbench.ts'
import { startApi, startBare } from './servers.ts'
import { openShop } from './shop.ts'
import { type Bench, throughputOf, throughputTable } from './throughput.ts'

const help = `npm run bench [-- options]

Measures every GET and the main writes against a bare node:http server that sends the same bytes and, where pgbench is
installed, GETs against PostgreSQL with the same lookup, one key a statement; round by round, and shows the medians.

  --products N      how many products the shop has (1000)
  --connections N   how many connections are used at once (128)
  --duration N      seconds for each measurement (3)
  --rounds N        measurements of each operation (3)
  --only TEXT       only the operations whose name has this in it
  --latency         instead, how long each GET takes at a steady rate of half of what it can answer
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000' },
  connections: { type: 'string', default: '128' },
  duration: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '3' },
  only: { type: 'string', default: '' },
  latency: { type: 'boolean', default: false },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const measureThroughput = async (only: string, bench: Bench) => {
  const results = []
  for (const operation of chosenBy(only, operations)) {
    const result = await throughputOf(operation, bench)
    console.error(`${result.operation}: ${result.rps} requests/s, ${result.ratio.toFixed(2)} of a bare server`)
    results.push(result)
  }
  console.log(throughputTable(results))
  if (!bench.pgbench) console.log('pgbench is not installed: apt-get install postgresql-contrib to compare with it.')
  return results
}

const measureLatency = async (only: string, bench: Bench) => {
  const gets = operations.filter(({ method }) => method === 'GET')
  const results = []
  for (const operation of chosenBy(only, gets)) {
    const result = await latencyOf(operation, bench)
    console.error(`${result.operation}: p99 ${result.p99_ms.toFixed(1)} ms at ${result.rate} requests/s`)
    results.push(result)
  }
  console.log(latencyTable(results))
  return results
}

await main(async () => {
  const values = readOptions('npm run bench', options)
  if (values.help) return console.log(help)
  const pressure = {
    connections: whole('connections', values.connections),
    seconds: whole('duration', values.duration),
  }
  const rounds = whole('rounds', values.rounds)
  chosenBy(values.only, operations)

  const { name, load } = await findLoad()
  const pgbench = await findPgbench()
  const shop = await openShop(whole('products', values.products))
  const api = await startApi(shop.url)
  const bare = await startBare()
  try {
    console.error(`${values.products} products, ${pressure.connections} connections, ${name}, Node ${process.version}`)
    const { url: database, ids } = shop
    const bench = { load, pgbench, api: api.url, bare, database, ids, pressure, rounds }
    const results = await (values.latency ? measureLatency : measureThroughput)(values.only, bench)
    if (values.json) await writeFile(values.json, `${JSON.stringify({ results }, undefined, 2)}\n`)
  } finally {
    bare.stop()
    await api.stop()
    await shop.close()
  }
})
