import { client } from '../../db/client.ts'
import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { buildRequests, operations } from '../operations.ts'
import { formatTable, median } from '../statistics.ts'
import { findLoad } from './load.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Measures what reads of all products keep of their throughput while 20 connections ask for the last pages of a
product with 200 000 reviews, and 20 for pages of questions with up to 130 MB of photos. Rounds with and without these take
turns. It fails when a read keeps less than half or is refused, or when a costly page is neither answered nor refused.`

const options = {
  products: { about: 'products in the shop', default: 10_000 },
  duration: { about: 'seconds of each measurement', default: 2 },
  rounds: { about: 'measurements of each operation, each way', default: 5 },
} as const

const measured = new Set(['listReviews', 'getReviewMeta', 'listQuestions', 'listAnswers', 'getProduct'])

/** Ids beyond those of the shop: one product of many reviews, one of the most photos that are shown, and one of more. */
const costly = { deep: 2_000_000_001, heavy: 2_000_000_002, heaviest: 2_000_000_003 }

const addCostlyProducts = `
  insert into products (product_id, name, slogan, description, category, default_price)
    select unnest('{${Object.values(costly).join()}}'::int[]), 'name', 'slogan', 'description', 'category', 10;
  insert into reviews (product_id, rating, date, summary, body, recommend, reviewer_name, helpfulness)
    select ${costly.deep}, 5, date '2020-01-01' + n * 31 % 1500, 'summary', repeat('body ', 60), true, 'name', n * 13 % 97
    from generate_series(1, 200000) n;
  insert into questions (question_id, product_id, question_body, asker_name)
    select product_id, product_id, 'body', 'name' from products where product_id >= ${costly.heavy};
  insert into answers (answer_id, question_id, product_id, body, answerer_name)
    select 2000000000 + n, ${costly.heavy}, ${costly.heavy}, 'body', 'name' from generate_series(1, 120) n
    union all
    select 2000001000 + n, ${costly.heaviest}, ${costly.heaviest}, 'body', 'name' from generate_series(1, 2200) n;
  insert into answer_photos (answer_id, product_id, url)
    select answer_id, product_id, repeat('p', 2000) from answers, generate_series(1, 30) where answer_id > 2000000000;`

const paths = {
  deep: [35_000, 39_000, 40_000].map((page) => `/reviews?product_id=${costly.deep}&page=${page}`),
  heavy: [costly.heavy, costly.heaviest].map((id) => `/qa/questions?product_id=${id}`),
}

/** Copies a database that nobody uses, with the costly products added. */
const createCopy = async (shopUrl: string): Promise<{ url: string; drop: () => Promise<void> }> => {
  const [server, url] = [new URL(shopUrl), new URL(shopUrl)]
  server.pathname = 'template1'
  url.pathname = `neighbours_${process.pid}`
  const name = url.pathname.slice(1)
  const admin = client(server.href, { max: 1 })
  await admin.unsafe(`create database ${name} template ${new URL(shopUrl).pathname.slice(1)}`)
  const sql = client(url.href, { max: 1 })
  await sql.unsafe(addCostlyProducts)
  await sql`vacuum analyze`.simple()
  await sql.end({ timeout: 5 })
  return {
    url: url.href,
    drop: async () => {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end({ timeout: 5 })
    },
  }
}

type Answers = { readonly statuses: Map<number, number>; longestMs: number }

/** Asks for paths over 20 connections until it is told to stop; returns the answers by status, and the longest wait. */
const askUntil = async (url: string, paths: readonly string[], signal: AbortSignal): Promise<Answers> => {
  const answers: Answers = { statuses: new Map(), longestMs: 0 }
  const keepAsking = async (_: unknown, first: number) => {
    for (let at = first; !signal.aborted; at += 1) {
      const start = performance.now()
      const response = await fetch(url + (paths[at % paths.length] as string))
      await response.arrayBuffer()
      const { status } = response
      answers.statuses.set(status, (answers.statuses.get(status) ?? 0) + 1)
      answers.longestMs = Math.max(answers.longestMs, performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: 20 }, keepAsking))
  return answers
}

await main(async () => {
  const command = readCommandLine('npm run bench:neighbours [-- options]', about, options)
  if (!command) return
  const { products, duration: seconds, rounds } = command.values
  const { load } = await findLoad()
  const shop = await openShop(products)
  const copy = await createCopy(shop.url)
  const api = await startApi(copy.url)
  const rows: string[][] = []
  const faults: string[] = []
  const asked = { deep: [] as Answers[], heavy: [] as Answers[] }
  try {
    for (const operation of operations.filter(({ id }) => measured.has(id))) {
      const requests = buildRequests(operation, shop.ids)
      const measure = () => load(api.url, requests, seconds)
      const measureBeside = async () => {
        const stopping = new AbortController()
        const costs = (['deep', 'heavy'] as const).map(async (kind) =>
          asked[kind].push(await askUntil(api.url, paths[kind], stopping.signal)),
        )
        const figures = await measure()
        stopping.abort()
        await Promise.all(costs)
        return figures
      }
      await measure()
      const alone: number[] = []
      const beside: number[] = []
      let refused = 0
      for (let round = 0; round < rounds; round += 1) {
        alone.push((await measure()).rps)
        const figures = await measureBeside()
        beside.push(figures.rps)
        refused += figures.failed
      }
      const kept = median(beside) / median(alone)
      if (kept < 0.5) faults.push(`${operation.name} keeps ${kept.toFixed(2)}`)
      if (refused > 0) faults.push(`${refused} reads of ${operation.name} were refused`)
      const figures = [median(alone).toFixed(0), median(beside).toFixed(0), kept.toFixed(2), String(refused)]
      rows.push([operation.name, ...figures])
      console.error(rows.at(-1)?.join('  '))
    }
  } finally {
    await api.stop()
    await copy.drop()
    await shop.close()
  }
  console.log(formatTable(['read', 'alone, 1/s', 'beside costly pages', 'kept', 'refused'], rows))
  for (const [kind, all] of Object.entries(asked)) {
    const count = (status: number) => all.reduce((sum, { statuses }) => sum + (statuses.get(status) ?? 0), 0)
    const others = all
      .flatMap(({ statuses }) => [...statuses.keys()])
      .filter((status) => status !== 200 && status !== 503)
    if (others.length > 0) faults.push(`${kind} pages were answered with ${[...new Set(others)].join(', ')}`)
    const longestMs = Math.max(...all.map(({ longestMs }) => longestMs))
    console.log(
      `${kind} pages: ${count(200)} answered, ${count(503)} refused, the longest after ${longestMs.toFixed(0)} ms`,
    )
  }
  if (faults.length > 0) throw new UserError(`${faults.join('; ')}.`)
})
