import { client } from '../../db/client.ts'
import { main } from '../../db/problem.ts'
import { readCommandLine } from '../commandLine.ts'
import { buildRequests, isRead, operations, type Request } from '../operations.ts'
import { formatTable, median } from '../statistics.ts'
import { findLoad } from './load.ts'
import { startApi } from './servers.ts'
import { openShop, type Shop } from './shop.ts'
import { createSkewedDatabase, skewedProducts } from './skewedData.ts'

const about = `Measures whether answers take longer when there is more: every read in a large shop against a small one, and the
reviews of products that have 100 000 against products that have 5. They take turns in each round, the servers are
started anew for each pass, and what is shown are medians.`

const options = {
  products: { about: 'products in the large shop', default: 1_000_000 },
  against: { about: 'products in the small one', default: 10_000 },
  duration: { about: 'seconds of each measurement', default: 1 },
  rounds: { about: 'measurements of each operation in a pass', default: 3 },
  passes: { about: 'passes over all operations', default: 3 },
} as const

type Side = { readonly databaseUrl: string; readonly requests: readonly Request[] }
type Pair<Of> = { readonly few: Of; readonly many: Of }
type Comparison = Pair<Side> & { readonly name: string; readonly of: string }

const listComparisons = (shops: Pair<Shop>, skewedUrl: string, sizes: string): Comparison[] =>
  operations.filter(isRead).flatMap((operation) => {
    const inShop = ({ url, ids }: Shop): Side => ({ databaseUrl: url, requests: buildRequests(operation, ids) })
    const skewed = (products: readonly number[]): Side => ({
      databaseUrl: skewedUrl,
      requests: buildRequests(operation, { ...shops.few.ids, products }),
    })
    const { name, id } = operation
    const bySize = { name, of: sizes, few: inShop(shops.few), many: inShop(shops.many) }
    if (id !== 'getReviewMeta' && id !== 'listReviews') return [bySize]
    const { few, many } = skewedProducts
    return [bySize, { name, of: '100000 reviews against 5', few: skewed(few), many: skewed(many) }]
  })

// Long enough that each row was read before: a server of little memory reads it from the system's.
const warmupSeconds = 4

const ratio = (pairs: readonly Pair<number>[]): number => median(pairs.map(({ few, many }) => many / few))

await main(async () => {
  const command = readCommandLine('npm run bench:growth [-- options]', about, options)
  if (!command) return
  const { products, against, duration: seconds, rounds, passes } = command.values
  const { load } = await findLoad()
  const few = await openShop(against)
  const many = await openShop(products)
  const skewedUrl = await createSkewedDatabase(few.url)
  const comparisons = listComparisons({ few, many }, skewedUrl, `${products} products against ${against}`)
  const measured = new Map(comparisons.map((comparison) => [comparison, [] as Pair<number>[]]))
  try {
    for (let pass = 1; pass <= passes; pass += 1) {
      const databases = [few.url, many.url, skewedUrl]
      const apis = await Promise.all(databases.map((url) => startApi(url)))
      const measure = async ({ databaseUrl, requests }: Side, seconds: number) => {
        const api = apis[databases.indexOf(databaseUrl)]
        return (await load(api?.url ?? '', requests, { connections: 128, seconds })).p50_ms
      }
      try {
        for (const [{ name, of, few, many }, pairs] of measured) {
          for (const side of [few, many]) await measure(side, warmupSeconds)
          for (let round = 0; round < rounds; round += 1) {
            const first = await measure(round % 2 ? many : few, seconds)
            const second = await measure(round % 2 ? few : many, seconds)
            pairs.push(round % 2 ? { few: second, many: first } : { few: first, many: second })
          }
          console.error(`pass ${pass} of ${passes}: ${name}, ${of}: ${ratio(pairs).toFixed(2)}`)
        }
      } finally {
        for (const api of apis) await api.stop()
      }
    }
  } finally {
    const admin = client(few.url, { max: 1 })
    await admin.unsafe(`drop database ${new URL(skewedUrl).pathname.slice(1)} with (force)`)
    await admin.end({ timeout: 5 })
    await many.close()
    await few.close()
  }
  const rows = Array.from(measured, ([{ name, of }, pairs]) => [
    `${name}, ${of}`,
    median(pairs.map(({ few }) => few)).toFixed(1),
    median(pairs.map(({ many }) => many)).toFixed(1),
    ratio(pairs).toFixed(2),
  ])
  console.log(formatTable(['operation', 'p50 ms, few', 'p50 ms, many', 'ratio'], rows))
})
