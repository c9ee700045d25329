import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { main } from '../db/problem.ts'
import { chosenBy, readOptions, whole } from './arguments.ts'
import { createHistogram } from './histogram.ts'
import { type Answered, arrive, type Outcome } from './openLoop.ts'
import { operations, requestsOf } from './operations.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const help = `npm run overload [-- options]

Finds how many requests a second the API answers, before and after it sends several times as many, whether they are
answered or not, and then half as many; and shows what came of it. A request that is due while every connection waits
for an answer is not sent.

  --products N      how many products the shop has (1000)
  --only TEXT       the operation, by what its name has in it (getReviewMeta)
  --times N         how many times what it answers is sent (4)
  --connections N   how many connections there are at most (2000)
  --duration N      seconds of overload (10)
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000' },
  only: { type: 'string', default: 'getReviewMeta' },
  times: { type: 'string', default: '4' },
  connections: { type: 'string', default: '2000' },
  duration: { type: 'string', default: '10' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const usual = 128
const isServed = ({ status }: Answered): boolean => status >= 200 && status < 300

/** What overload of so many seconds did, and what came after it, in requests a second, requests and milliseconds. */
const figuresOf = ({ answers, unsent }: Outcome, capacity: number, seconds: number) => {
  const end = seconds * 1000
  const during = answers.filter(({ due }) => due < end)
  const durations = createHistogram()
  for (const { sent, end } of during) durations.add(end - sent)
  const served = answers.filter((answer) => isServed(answer) && answer.end <= end).length / seconds
  const lastTrouble = answers.reduce((last, answer) => (isServed(answer) ? last : Math.max(last, answer.due)), end)
  return {
    capacity: Math.round(capacity),
    sent: Math.round(during.length / seconds),
    served: Math.round(served),
    served_of_capacity: served / capacity,
    refused: during.filter(({ later }) => later).length,
    failed: during.filter((answer) => !isServed(answer) && !answer.later).length,
    unsent,
    p50_ms: durations.quantile(0.5),
    p99_ms: durations.quantile(0.99),
    slowest_ms: during.reduce((most, { sent, end }) => Math.max(most, end - sent), 0),
    normal_after_ms: lastTrouble - end,
  }
}

await main(async () => {
  const values = readOptions('npm run overload', options)
  if (values.help) return console.log(help)
  const [times, connections] = [whole('times', values.times), whole('connections', values.connections)]
  const seconds = whole('duration', values.duration)
  const [operation] = chosenBy(values.only, operations)
  if (!operation) return

  const shop = await openShop(whole('products', values.products))
  const api = await startApi(shop.url)
  try {
    const requests = requestsOf(operation, shop.ids)
    const flood = { rate: 1_000_000, connections: usual }
    const capacity = async () => (await arrive(api.url, requests, { ...flood, seconds: 3 })).answers.length / 3
    await capacity()
    const before = await capacity()
    const next = { rate: before / 2, seconds: 3 }
    const outcome = await arrive(api.url, requests, { rate: times * before, seconds, connections, next })
    // A shared machine is not as fast in one minute as in the next.
    const mean = (before + (await capacity())) / 2
    const result = { operation: operation.operation, ...figuresOf(outcome, mean, seconds) }
    const table = new Table({ style: { head: [], border: [], compact: true } })
    for (const [name, value] of Object.entries(result))
      table.push([name, typeof value === 'number' ? Number(value.toFixed(2)) : value])
    console.log(table.toString())
    if (values.json) await writeFile(values.json, `${JSON.stringify({ results: [result] }, undefined, 2)}\n`)
  } finally {
    await api.stop()
    await shop.close()
  }
})
