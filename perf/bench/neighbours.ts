import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { buildRequests, operations } from '../operations.ts'
import { createTemporaryDatabase, runStatements } from '../databases.ts'
import { formatTable, median } from '../statistics.ts'
import { sendAtRate } from './constantArrivalRate.ts'
import { findLoad, type LoadResult } from './load.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Measures what reads of all products keep of their throughput while 20 connections request the
last pages of a product with 200 000 reviews, and 20 pages of questions with up to 130 MB of photos. Rounds with
and without these take turns. It fails when a read keeps less than half or is refused, or when a costly page is
neither answered nor refused.`

const options = {
  products: { about: 'products in the shop', default: 10_000 },
  duration: { about: 'seconds of each measurement', default: 2 },
  rounds: { about: 'measurements of each operation, each way', default: 5 },
} as const

const measured = new Set(['listReviews', 'getReviewMeta', 'listQuestions', 'listAnswers', 'getProduct'])

/** Ids beyond those of the shop: a product of many reviews, one of the most photos that are shown, and one of more. */
const costly = { deep: 2_000_000_001, heavy: 2_000_000_002, heaviest: 2_000_000_003 }

const addCostlyProducts = `
  insert into products (product_id, name, slogan, description, category, default_price)
    select unnest('{${Object.values(costly).join()}}'::int[]), 'name', 'slogan', 'description', 'category', 10;
  insert into reviews (product_id, rating, date, summary, body, recommend, reviewer_name, helpfulness)
    select ${costly.deep}, 5, date '2020-01-01' + n * 31 % 1500, 'summary', repeat('body ', 60), true, 'name', n % 97
    from generate_series(1, 200000) n;
  insert into questions (question_id, product_id, question_body, asker_name)
    select product_id, product_id, 'body', 'name' from products where product_id >= ${costly.heavy};
  insert into answers (answer_id, question_id, product_id, body, answerer_name)
    select 2000000000 + n, ${costly.heavy}, ${costly.heavy}, 'body', 'name' from generate_series(1, 120) n
    union all
    select 2000001000 + n, ${costly.heaviest}, ${costly.heaviest}, 'body', 'name' from generate_series(1, 2200) n;
  insert into answer_photos (answer_id, product_id, url)
    select answer_id, product_id, repeat('p', 2000) from answers, generate_series(1, 30) where answer_id > 2000000000;`

const costlyPaths = {
  deep: [35_000, 39_000, 40_000].map((page) => `/reviews?product_id=${costly.deep}&page=${page}`),
  heavy: [costly.heavy, costly.heaviest].map((id) => `/qa/questions?product_id=${id}`),
}

await main(async () => {
  const command = readCommandLine('npm run bench:neighbours [-- options]', about, options)
  if (!command) return
  const { products, duration: seconds, rounds } = command.values
  const { load } = await findLoad()
  await using shop = await openShop(products)
  await using copy = await createTemporaryDatabase(shop.url, 'neighbours', new URL(shop.url).pathname.slice(1))
  const costlyLoads = Object.entries(costlyPaths).map(([kind, paths]) => {
    const statuses: number[] = []
    return { kind, requests: paths.map((path) => ({ method: 'GET', path })), statuses, longestMs: 0 }
  })
  const rows: string[][] = []
  const defects: string[] = []
  await runStatements(copy.url, addCostlyProducts, 'vacuum analyze')
  await using api = await startApi(copy.url)
  const sendCostly = (costlyLoad: (typeof costlyLoads)[number]) =>
    sendAtRate(api.url, costlyLoad.requests, 20, [{ rate: 1000, seconds }], ({ status, sentAt, endedAt }) => {
      costlyLoad.statuses.push(status)
      costlyLoad.longestMs = Math.max(costlyLoad.longestMs, endedAt - sentAt)
    })
  for (const operation of operations.filter(({ id }) => measured.has(id))) {
    const requests = buildRequests(operation, shop.ids)
    const measure = () => load(api.url, requests, seconds)
    await measure()
    const alone: LoadResult[] = []
    const beside: LoadResult[] = []
    while (beside.length < rounds) {
      alone.push(await measure())
      beside.push((await Promise.all([measure(), ...costlyLoads.map(sendCostly)]))[0])
    }
    const [aloneRps, besideRps] = [alone, beside].map((results) => median(results.map(({ rps }) => rps)))
    const kept = (besideRps ?? 0) / (aloneRps ?? 1)
    const refused = beside.reduce((total, { failed }) => total + failed, 0)
    if (kept < 0.5) defects.push(`${operation.name} keeps ${kept.toFixed(2)}`)
    if (refused > 0) defects.push(`${refused} reads of ${operation.name} were refused`)
    rows.push([operation.name, ...[aloneRps?.toFixed(0), besideRps?.toFixed(0), kept.toFixed(2), refused].map(String)])
    console.error(rows.at(-1)?.join('  '))
  }
  console.log(formatTable(['read', 'alone/s', 'beside costly pages/s', 'kept', 'refused'], rows))
  for (const { kind, statuses, longestMs } of costlyLoads) {
    const count = (status: number) => statuses.filter((each) => each === status).length
    const others = new Set(statuses.filter((status) => status !== 200 && status !== 503))
    if (others.size > 0) defects.push(`${kind} pages were answered with ${[...others].join(', ')}`)
    console.log(`${kind} pages: ${count(200)} answered, ${count(503)} refused, the longest after ${longestMs | 0} ms`)
  }
  if (defects.length > 0) throw new UserError(`${defects.join('; ')}.`)
})
