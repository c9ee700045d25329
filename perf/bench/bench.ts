import { writeFile } from 'node:fs/promises'
import { main, readCommandLine } from '../../db/commandLine.ts'
import { isRead, pickOperations } from '../operations.ts'
import { openBase } from './base.ts'
import { compare, compareTable, type Round, type Setting } from './compare.ts'
import { atRate, findLoad } from './load.ts'
import { startApi, startBaseline, withServers } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Measures the API against a bare node:http server that sends the same bytes and, with --base, the API of another
checkout of this repository. They take turns in each round, are started anew for each pass, and what is shown are
medians; behind the ratio of this API to the other, its quartiles.`

const options = {
  products: { about: 'products in the shop', default: 1000 },
  pick: { about: 'operations whose names hold this, or one of several with commas (reads, main writes)', default: '' },
  base: { about: 'the folder of a checkout in which npm ci has run, measured as "before"', default: '' },
  latency: { about: 'instead, how long reads take at a steady rate of half of what they can', default: false },
  duration: { about: 'seconds of each measurement', default: 1 },
  rounds: { about: 'measurements of each operation in a pass', default: 3 },
  passes: { about: 'passes over all operations', default: 3 },
  json: { about: 'a file for the figures of all rounds', default: '' },
} as const

await main(async () => {
  const command = readCommandLine('npm run bench [-- options]', about, options)
  if (!command) return
  const { products, pick, base: folder, latency, duration: seconds, rounds, passes, json } = command.values
  const operations = pickOperations(pick).filter((operation) => !latency || isRead(operation))
  const { name, load } = await findLoad()
  const choose: Setting['choose'] = async (url, requests) => {
    if (!latency) return load
    await load(url, requests, 1)
    return atRate(Math.round((await load(url, requests, 3)).rps / 2))
  }
  const shop = await openShop(products)
  try {
    const base = folder ? await openBase(folder, shop, products) : undefined
    console.error(`${products} products, ${name}, Node ${process.version}`)
    const measured = new Map<string, Round[]>(operations.map((operation) => [operation.name, []]))
    for (let pass = 1; pass <= passes; pass += 1) {
      const starting = [startBaseline(), startApi(shop.url), base && startApi(base.databaseUrl, base.checkout)] as const
      await withServers(starting, async ([baseline, api, other]) => {
        const before = other && { url: other.url, ids: shop.ids }
        const setting = { baseline, before, after: { url: api.url, ids: shop.ids }, rounds, seconds, choose }
        for (const operation of operations) {
          const found = await compare(operation, setting)
          measured.get(operation.name)?.push(...found)
          const rps = Math.round(found.at(-1)?.after?.rps ?? 0)
          console.error(`pass ${pass} of ${passes}: ${operation.name}, ${rps} requests/s`)
        }
      })
    }
    console.log(compareTable(measured, latency))
    if (json) await writeFile(json, `${JSON.stringify(Object.fromEntries(measured), undefined, 2)}\n`)
  } finally {
    await shop.close()
  }
})
