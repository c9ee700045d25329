import { main, readCommandLine } from '../../db/commandLine.ts'
import { isRead, type LoadOperation, operations } from '../operations.ts'
import { compare, compareTable, type Round, type Side } from './compare.ts'
import { findLoad } from './load.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'
import { createSkewedDatabase, skewedProducts } from './skewedData.ts'

const about = `Measures how answers slow down as data grows: every read in a small shop (before) and a large one
(after), and the reviews of products that have 5 (before) and 100 000 (after). They take turns in each round,
the servers are started anew for each pass, and what is shown are medians.`

const options = {
  products: { about: 'products in the large shop', default: 1_000_000 },
  against: { about: 'products in the small one', default: 10_000 },
  duration: { about: 'seconds of each measurement', default: 1 },
  rounds: { about: 'measurements of each operation in a pass', default: 3 },
  passes: { about: 'passes over all operations', default: 3 },
} as const

await main(async () => {
  const command = readCommandLine('npm run bench:growth [-- options]', about, options)
  if (!command) return
  const { products, against, duration: seconds, rounds, passes } = command.values
  const { load } = await findLoad()
  await using small = await openShop(against)
  await using large = await openShop(products)
  await using skewed = await createSkewedDatabase(small.url)
  const measured = new Map<string, Round[]>()
  for (let pass = 1; pass <= passes; pass += 1) {
    await using few = await startApi(small.url)
    await using many = await startApi(large.url)
    await using reviewed = await startApi(skewed.url)
    const measure = async (operation: LoadOperation, what: string, before: Side, after: Side) => {
      const results = await compare(operation, { before, after, rounds, seconds, choose: async () => load })
      const name = `${operation.name}, ${what}`
      measured.set(name, [...(measured.get(name) ?? []), ...results])
      console.error(`pass ${pass} of ${passes}: ${name}`)
    }
    const withReviews = (products: readonly number[]) => ({ url: reviewed.url, ids: { ...small.ids, products } })
    for (const operation of operations.filter(isRead)) {
      await measure(operation, `${products} products`, { ...small, ...few }, { ...large, ...many })
      if (operation.id !== 'getReviewMeta' && operation.id !== 'listReviews') continue
      await measure(operation, '100000 reviews', withReviews(skewedProducts.few), withReviews(skewedProducts.many))
    }
  }
  console.log(compareTable(measured))
})
