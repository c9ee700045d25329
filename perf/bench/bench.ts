import { main, readCommandLine } from '../../db/commandLine.ts'
import { isRead, pickOperations } from '../operations.ts'
import { openBase } from './base.ts'
import { compare, compareTable, type LoadOptions, type Round } from './compare.ts'
import { atRate, findLoad } from './load.ts'
import { startApi, startBaseline } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Measures the API against a bare node:http server that sends the same bytes and, with --base, the
API of another checkout of this repository. They take turns in each round, are started anew for each pass, and
what is shown are medians. A ratio of this API to the other (after / before) differs from noise if its quartiles
do not hold 1.`

const options = {
  products: { about: 'products in the shop', default: 1000 },
  pick: { about: 'operations whose names hold this, or one of several with commas (reads, main writes)', default: '' },
  base: { about: 'the folder of a checkout in which npm ci has run, measured as "before"', default: '' },
  latency: { about: 'instead, how long reads take at a steady rate of half of what they can', default: false },
  duration: { about: 'seconds of each measurement', default: 1 },
  rounds: { about: 'measurements of each operation in a pass', default: 3 },
  passes: { about: 'passes over all operations', default: 3 },
} as const

await main(async () => {
  const command = readCommandLine('npm run bench [-- options]', about, options)
  if (!command) return
  const { products, pick, base: folder, latency, duration: seconds, rounds, passes } = command.values
  const operations = pickOperations(pick).filter((operation) => !latency || isRead(operation))
  const { name, load } = await findLoad()
  const choose: LoadOptions['choose'] = async (url, requests) => {
    if (!latency) return load
    await load(url, requests, 1)
    return atRate(Math.round((await load(url, requests, 3)).rps / 2))
  }
  await using shop = await openShop(products)
  const base = folder ? await openBase(folder, shop, products) : undefined
  console.error(`${products} products, ${name}, Node ${process.version}`)
  const measured = new Map<string, Round[]>(operations.map((operation) => [operation.name, []]))
  for (let pass = 1; pass <= passes; pass += 1) {
    await using baseline = await startBaseline()
    await using api = await startApi(shop.url)
    await using other = base && (await startApi(base.databaseUrl, base.checkout))
    const before = other && { ...shop, ...other }
    const loadOptions = { baseline, before, after: { ...shop, ...api }, rounds, seconds, choose }
    for (const operation of operations) {
      const results = await compare(operation, loadOptions)
      measured.get(operation.name)?.push(...results)
      const rps = Math.round(results.at(-1)?.after?.rps ?? 0)
      console.error(`pass ${pass} of ${passes}: ${operation.name}, ${rps} requests/s`)
    }
  }
  console.log(compareTable(measured, latency))
})
