import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { client } from '../db/connect.ts'
import { main } from '../db/problem.ts'
import { readOptions, whole } from './arguments.ts'
import { crowdedDatabase, crowds } from './crowd.ts'
import { findLoad, type Load, type Pressure, type Requests } from './load.ts'
import { median } from './median.ts'
import { operations, requestsOf } from './operations.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const help = `npm run bench:growth [-- options]

Measures whether answers take longer when there is more: every GET in a shop of many products against one of few, and
the reviews of products that have 100 000 against products that have 5; one after the other in each round, medians.

  --products N      how many products the large shop has (1000000)
  --against N       how many the small one has (10000)
  --connections N   how many connections are used at once (128)
  --duration N      seconds for each measurement (3)
  --rounds N        measurements of each operation (5)
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000000' },
  against: { type: 'string', default: '10000' },
  connections: { type: 'string', default: '128' },
  duration: { type: 'string', default: '3' },
  rounds: { type: 'string', default: '5' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

type Side = { readonly url: string; readonly requests: Requests }
type Growth = {
  readonly operation: string
  readonly of: string
  few_p50_ms: number
  many_p50_ms: number
  ratio: number
}

/** The median of the ratios of what many take to what few take, each of one round. */
const compare = async (load: Load, few: Side, many: Side, pressure: Pressure, rounds: number) => {
  const p50 = async ({ url, requests }: Side) => (await load(url, requests, pressure)).p50_ms
  // Long enough that each row that is asked for was asked before: a server of little memory reads it from the system's.
  for (const side of [few, many]) await load(side.url, side.requests, { ...pressure, seconds: 4 })
  const pairs: { few: number; many: number }[] = []
  // They take turns in being first, in case that alone makes a difference.
  for (let round = 0; round < rounds; round += 1)
    pairs.push(
      round % 2 === 0 ? { few: await p50(few), many: await p50(many) } : { many: await p50(many), few: await p50(few) },
    )
  return {
    few_p50_ms: median(pairs.map(({ few }) => few)),
    many_p50_ms: median(pairs.map(({ many }) => many)),
    ratio: median(pairs.map(({ few, many }) => many / few)),
  }
}

await main(async () => {
  const values = readOptions('npm run bench:growth', options)
  if (values.help) return console.log(help)
  const pressure = {
    connections: whole('connections', values.connections),
    seconds: whole('duration', values.duration),
  }
  const rounds = whole('rounds', values.rounds)
  const { load } = await findLoad()
  const results: Growth[] = []
  const add = async (operation: string, of: string, few: Side, many: Side) => {
    const result = { operation, of, ...(await compare(load, few, many, pressure, rounds)) }
    console.error(`${operation}, ${of}: ${result.ratio.toFixed(2)}`)
    results.push(result)
  }

  const small = await openShop(whole('against', values.against))
  const large = await openShop(whole('products', values.products))
  const crowded = await crowdedDatabase(small.url)
  const apis = await Promise.all([small.url, large.url, crowded].map((url) => startApi(url)))
  const [few, many, reviews] = apis.map(({ url }) => url) as [string, string, string]
  try {
    for (const operation of operations.filter(({ method }) => method === 'GET'))
      await add(
        operation.operation,
        `${values.products} products against ${values.against}`,
        { url: few, requests: requestsOf(operation, small.ids) },
        { url: many, requests: requestsOf(operation, large.ids) },
      )
    for (const operation of operations.filter(({ operation }) => /ReviewMeta|listReviews/.test(operation))) {
      const side = (products: readonly number[]): Side => ({
        url: reviews,
        requests: requestsOf(operation, { ...small.ids, products }),
      })
      await add(operation.operation, '100000 reviews against 5', side(crowds.few), side(crowds.many))
    }
  } finally {
    for (const api of apis) await api.stop()
    const admin = client(small.url, { max: 1 })
    await admin.unsafe(`drop database ${new URL(crowded).pathname.slice(1)} with (force)`)
    await admin.end({ timeout: 5 })
    await large.close()
    await small.close()
  }
  const table = new Table({
    head: ['operation', '', 'p50 ms, few', 'p50 ms, many', 'ratio'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const { operation, of, few_p50_ms, many_p50_ms, ratio } of results)
    table.push([operation, of, few_p50_ms.toFixed(1), many_p50_ms.toFixed(1), ratio.toFixed(2)])
  console.log(table.toString())
  if (values.json) await writeFile(values.json, `${JSON.stringify({ results }, undefined, 2)}\n`)
})
