import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { client } from '../../db/client.ts'
import { main } from '../../db/problem.ts'
import { readOptions, whole } from '../arguments.ts'
import { crowdedDatabase, crowds } from './skewedData.ts'
import { findLoad, type Load, type Pressure, type Requests } from './load.ts'
import { median } from '../median.ts'
import { type Operation, operations, requestsOf } from '../operations.ts'
import { startApi } from './servers.ts'
import { openShop, type Shop } from './shop.ts'

const help = `npm run bench:growth [-- options]

Measures whether answers take longer when there is more: every GET in a shop of many products against one of few, and
the reviews of products that have 100 000 against products that have 5; one after the other in each round, medians. Both
servers are started anew for each pass, as two processes of the same code can differ by a fifth.

  --products N      how many products the large shop has (1000000)
  --against N       how many the small one has (10000)
  --connections N   how many connections are used at once (128)
  --duration N      seconds for each measurement (1)
  --rounds N        measurements of each operation in a pass (3)
  --passes N        passes over all operations (3)
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000000' },
  against: { type: 'string', default: '10000' },
  connections: { type: 'string', default: '128' },
  duration: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '3' },
  passes: { type: 'string', default: '3' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** One thing asked of a shop: `few` or `many` of its kind are there. */
type Side = { readonly database: string; readonly requests: Requests }
type Comparison = { readonly operation: string; readonly of: string; readonly few: Side; readonly many: Side }
type Pair = { readonly few: number; readonly many: number }

/** What many take and what few take, in rounds, on servers that were just started. */
const pairsOf = async (
  { few, many }: Comparison,
  urls: ReadonlyMap<string, string>,
  load: Load,
  pressure: Pressure,
  rounds: number,
): Promise<Pair[]> => {
  const p50 = async ({ database, requests }: Side, seconds = pressure.seconds) =>
    (await load(urls.get(database) ?? '', requests, { ...pressure, seconds })).p50_ms
  // Long enough that each row that is asked for was asked before: a server of little memory reads it from the system's.
  for (const side of [few, many]) await p50(side, 4)
  const pairs: Pair[] = []
  // They take turns in being first, in case that alone makes a difference.
  while (pairs.length < rounds)
    pairs.push(
      pairs.length % 2 === 0
        ? { few: await p50(few), many: await p50(many) }
        : { many: await p50(many), few: await p50(few) },
    )
  return pairs
}

const growthOf = ({ operation, of }: Comparison, pairs: readonly Pair[]) => ({
  operation,
  of,
  few_p50_ms: median(pairs.map(({ few }) => few)),
  many_p50_ms: median(pairs.map(({ many }) => many)),
  ratio: median(pairs.map(({ few, many }) => many / few)),
})

const comparisonsOf = (few: Shop, many: Shop, sizes: string, crowded: string): Comparison[] => {
  const gets = operations.filter(({ method }) => method === 'GET')
  const side = (operation: Operation, { url, ids }: Shop): Side => ({
    database: url,
    requests: requestsOf(operation, ids),
  })
  const reviewed = (operation: Operation, products: readonly number[]): Side => ({
    database: crowded,
    requests: requestsOf(operation, { ...few.ids, products }),
  })
  return [
    ...gets.map((operation) => ({
      operation: operation.operation,
      of: sizes,
      few: side(operation, few),
      many: side(operation, many),
    })),
    ...gets
      .filter(({ operation }) => /ReviewMeta|listReviews/.test(operation))
      .map((operation) => ({
        operation: operation.operation,
        of: '100000 reviews against 5',
        few: reviewed(operation, crowds.few),
        many: reviewed(operation, crowds.many),
      })),
  ]
}

await main(async () => {
  const values = readOptions('npm run bench:growth', options)
  if (values.help) return console.log(help)
  const pressure = {
    connections: whole('connections', values.connections),
    seconds: whole('duration', values.duration),
  }
  const [rounds, passes] = [whole('rounds', values.rounds), whole('passes', values.passes)]
  const { load } = await findLoad()
  const small = await openShop(whole('against', values.against))
  const large = await openShop(whole('products', values.products))
  const crowded = await crowdedDatabase(small.url)
  const sizes = `${values.products} products against ${values.against}`
  const measured = new Map<Comparison, Pair[]>(
    comparisonsOf(small, large, sizes, crowded).map((comparison) => [comparison, []]),
  )
  try {
    for (let pass = 1; pass <= passes; pass += 1) {
      const databases = [small.url, large.url, crowded]
      const apis = await Promise.all(databases.map((url) => startApi(url)))
      const urls = new Map(databases.map((url, index) => [url, apis[index]?.url ?? '']))
      try {
        for (const [comparison, pairs] of measured) {
          pairs.push(...(await pairsOf(comparison, urls, load, pressure, rounds)))
          const { operation, of, ratio } = growthOf(comparison, pairs)
          console.error(`${pass} of ${passes}: ${operation}, ${of}: ${ratio.toFixed(2)}`)
        }
      } finally {
        for (const api of apis) await api.stop()
      }
    }
  } finally {
    const admin = client(small.url, { max: 1 })
    await admin.unsafe(`drop database ${new URL(crowded).pathname.slice(1)} with (force)`)
    await admin.end({ timeout: 5 })
    await large.close()
    await small.close()
  }
  const results = Array.from(measured, ([comparison, pairs]) => growthOf(comparison, pairs))
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
