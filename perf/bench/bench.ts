import { writeFile } from 'node:fs/promises'
import { main } from '../../db/problem.ts'
import { chosenBy, readOptions, whole } from '../arguments.ts'
import { type Latency, latencyOf, latencyTable } from './latency.ts'
import { findLoad } from './load.ts'
import { type Operation, operations } from '../operations.ts'
import { findPgbench } from './pgbench.ts'
import { startApi, startBare } from './servers.ts'
import { openShop } from './shop.ts'
import { type Bench, type Round, roundsOf, throughputOf, throughputTable } from './throughput.ts'

const help = `npm run bench [-- options]

Measures every GET and the main writes against a bare node:http server that sends the same bytes and, where pgbench is
installed, GETs against PostgreSQL with the same lookup, one key a statement; round by round, and shows the medians.
Both servers are started anew for each pass, as two processes of the same code can differ by a fifth.

  --products N      how many products the shop has (1000)
  --connections N   how many connections are used at once (128)
  --duration N      seconds for each measurement (1, or 3 with --latency)
  --rounds N        measurements of each operation in a pass (3)
  --passes N        passes over all operations (3; --latency takes one)
  --only TEXT       only the operations whose name has this in it
  --latency         instead, how long each GET takes at a steady rate of half of what it can answer
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000' },
  connections: { type: 'string', default: '128' },
  duration: { type: 'string' },
  rounds: { type: 'string', default: '3' },
  passes: { type: 'string', default: '3' },
  only: { type: 'string', default: '' },
  latency: { type: 'boolean', default: false },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

type Setting = Omit<Bench, 'api' | 'bare'>

const withServers = async (setting: Setting, task: (bench: Bench) => Promise<void>): Promise<void> => {
  const api = await startApi(setting.database)
  const bare = await startBare()
  try {
    await task({ ...setting, api: api.url, bare })
  } finally {
    bare.stop()
    await api.stop()
  }
}

const measureThroughput = async (only: string, passes: number, setting: Setting) => {
  const measured = new Map<Operation, Round[]>()
  for (let pass = 1; pass <= passes; pass += 1) {
    await withServers(setting, async (bench) => {
      for (const operation of chosenBy(only, operations)) {
        const rounds = [...(measured.get(operation) ?? []), ...(await roundsOf(operation, bench))]
        measured.set(operation, rounds)
        const { rps, ratio } = throughputOf(operation, rounds)
        console.error(
          `${pass} of ${passes}: ${operation.operation}, ${rps} requests/s, ${ratio.toFixed(2)} of a bare server`,
        )
      }
    })
  }
  const results = Array.from(measured, ([operation, rounds]) => throughputOf(operation, rounds))
  console.log(throughputTable(results))
  if (!setting.pgbench) console.log('pgbench is not installed: apt-get install postgresql-contrib to compare with it.')
  return results
}

const measureLatency = async (only: string, setting: Setting) => {
  const gets = operations.filter(({ method }) => method === 'GET')
  const results: Latency[] = []
  await withServers(setting, async (bench) => {
    for (const operation of chosenBy(only, gets)) {
      const result = await latencyOf(operation, bench)
      console.error(`${result.operation}: p99 ${result.p99_ms.toFixed(1)} ms at ${result.rate} requests/s`)
      results.push(result)
    }
  })
  console.log(latencyTable(results))
  return results
}

await main(async () => {
  const values = readOptions('npm run bench', options)
  if (values.help) return console.log(help)
  const pressure = {
    connections: whole('connections', values.connections),
    seconds: whole('duration', values.duration ?? (values.latency ? '3' : '1')),
  }
  const [rounds, passes] = [whole('rounds', values.rounds), whole('passes', values.passes)]
  chosenBy(values.only, operations)

  const { name, load } = await findLoad()
  const pgbench = await findPgbench()
  const { url: database, ids, close } = await openShop(whole('products', values.products))
  try {
    console.error(`${values.products} products, ${pressure.connections} connections, ${name}, Node ${process.version}`)
    const setting = { load, pgbench, database, ids, pressure, rounds }
    const results = values.latency
      ? await measureLatency(values.only, setting)
      : await measureThroughput(values.only, passes, setting)
    if (values.json) await writeFile(values.json, `${JSON.stringify({ results }, undefined, 2)}\n`)
  } finally {
    await close()
  }
})
