import { writeFile } from 'node:fs/promises'
import { main } from '../../db/problem.ts'
import { readCommandLine } from '../commandLine.ts'
import { isRead, type Operation, pickOperations } from '../operations.ts'
import { type Base, openBase } from './base.ts'
import { compare, compareTable, type Round, type Setting } from './compare.ts'
import { atHalfCapacity } from './latency.ts'
import { findLoad } from './load.ts'
import { findPgbench } from './pgbench.ts'
import { startApi, startBaseline } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Measures the API against a bare node:http server that sends the same bytes, the API of another revision and, where
pgbench is installed, PostgreSQL with one lookup a statement. They take turns in each round, the servers are started
anew for each pass, and what is shown are medians.`

const options = {
  products: { about: 'products in the shop', default: 1000 },
  pick: { about: 'operations whose names hold this, or one of several with commas (reads, main writes)', default: '' },
  base: { about: 'also measures this revision, or the checkout in this folder, as "before"', default: '' },
  latency: { about: 'instead, how long reads take at a steady rate of half of what they can', default: false },
  duration: { about: 'seconds of each measurement', default: 1 },
  rounds: { about: 'measurements of each operation in a pass', default: 3 },
  passes: { about: 'passes over all operations', default: 3 },
  json: { about: 'a file for the figures of all rounds', default: '' },
} as const

const connections = 128

type ServerSetting = Pick<Setting, 'before' | 'after' | 'baseline'>

/** Calls a function with servers that were just started. */
const withServers = async (
  database: string,
  base: Base | undefined,
  task: (servers: ServerSetting) => Promise<void>,
): Promise<void> => {
  const started: { stop: () => Promise<void> }[] = []
  const keep = async <Server extends { stop: () => Promise<void> }>(starting: Promise<Server>) => {
    const server = await starting
    started.push(server)
    return server
  }
  try {
    const before = base && (await keep(startApi(base.databaseUrl, base.checkout)))
    const after = await keep(startApi(database))
    await task({ before: before?.url, after: after.url, baseline: await keep(startBaseline()) })
  } finally {
    for (const server of started) await server.stop()
  }
}

await main(async () => {
  const command = readCommandLine('npm run bench [-- options]', about, options)
  if (!command) return
  const { products, pick, latency, duration: seconds, rounds, passes, json, base: baseName } = command.values
  const operations = pickOperations(pick).filter((operation) => !latency || isRead(operation))
  const { name, load } = await findLoad()
  const shop = await openShop(products)
  try {
    const base = baseName ? await openBase(baseName, shop, products) : undefined
    const pgbench = latency || base ? undefined : await findPgbench(shop.url)
    console.error(`${products} products, ${connections} connections, ${name}, Node ${process.version}`)
    const atCapacity: Setting['choose'] = async () => (url, requests, seconds) =>
      load(url, requests, { connections, seconds })
    const choose = latency ? atHalfCapacity(load, connections) : atCapacity
    const measured = new Map<Operation, Round[]>(operations.map((operation) => [operation, []]))
    for (let pass = 1; pass <= passes; pass += 1) {
      await withServers(shop.url, base, async (servers) => {
        for (const [operation, all] of measured) {
          all.push(...(await compare(operation, { ...servers, ids: shop.ids, rounds, seconds, choose, pgbench })))
          const { after } = all.at(-1) as Round
          console.error(`pass ${pass} of ${passes}: ${operation.name}, ${Math.round(after.rps)} requests/s`)
        }
      })
    }
    console.log(compareTable(measured, latency))
    const results = Array.from(measured, ([operation, all]) => ({ operation: operation.name, rounds: all }))
    if (json) await writeFile(json, `${JSON.stringify({ results }, undefined, 2)}\n`)
  } finally {
    await shop.close()
  }
})
