import { writeFile } from 'node:fs/promises'
import Table from 'cli-table3'
import { main } from '../../db/problem.ts'
import { chosenBy, readOptions, whole } from '../arguments.ts'
import { createHistogram } from './histogram.ts'
import { median } from '../median.ts'
import { type Answered, arrive, type Outcome } from './constantArrivalRate.ts'
import { operations, requestsOf } from '../operations.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const help = `npm run overload [-- options]

Finds how many requests a second the API answers, sends several times as many, whether they are answered or not, and
then half as many; round by round, as a shared machine is not as fast in one minute as in the next. Shows the medians
of the rounds, or what was worst where the name says so. A request that is due while every connection waits for an
answer is not sent.

  --products N      how many products the shop has (1000)
  --only TEXT       the operation, by what its name has in it (getReviewMeta)
  --times N         how many times what it answers is sent (4)
  --connections N   how many connections there are at most (2000)
  --duration N      seconds of overload in a round (4)
  --rounds N        rounds (7)
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000' },
  only: { type: 'string', default: 'getReviewMeta' },
  times: { type: 'string', default: '4' },
  connections: { type: 'string', default: '2000' },
  duration: { type: 'string', default: '4' },
  rounds: { type: 'string', default: '7' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const usual = 128
const isServed = ({ status }: Answered): boolean => status >= 200 && status < 300

/** What a round of overload did, and what came after it, in requests a second, requests and milliseconds. */
const figuresOf = ({ answers, unsent }: Outcome, capacity: number, seconds: number) => {
  const end = seconds * 1000
  const during = answers.filter(({ due }) => due < end)
  const durations = createHistogram()
  for (const { sent, end } of during) durations.add(end - sent)
  const served = answers.filter((answer) => isServed(answer) && answer.end <= end).length / seconds
  const lastTrouble = answers.reduce((last, answer) => (isServed(answer) ? last : Math.max(last, answer.due)), end)
  return {
    capacity,
    sent: during.length / seconds,
    served,
    served_of_capacity: served / capacity,
    refused: during.filter(({ later }) => later).length / seconds,
    unsent: unsent / seconds,
    p50_ms: durations.quantile(0.5),
    p99_ms: durations.quantile(0.99),
    worst_failed: during.filter((answer) => !isServed(answer) && !answer.later).length,
    worst_ms: during.reduce((most, { sent, end }) => Math.max(most, end - sent), 0),
    worst_normal_after_ms: lastTrouble - end,
  }
}
type Figures = ReturnType<typeof figuresOf>

/** The medians of rounds, and the largest of what is to be none or small. */
const sumUp = (rounds: readonly Figures[]): Record<string, number> =>
  Object.fromEntries(
    (Object.keys(rounds[0] ?? {}) as (keyof Figures)[]).map((name) => {
      const values = rounds.map((round) => round[name])
      return [name, name.startsWith('worst') ? Math.max(...values) : median(values)]
    }),
  )

await main(async () => {
  const values = readOptions('npm run overload', options)
  if (values.help) return console.log(help)
  const [times, connections] = [whole('times', values.times), whole('connections', values.connections)]
  const [seconds, most] = [whole('duration', values.duration), whole('rounds', values.rounds)]
  const [operation] = chosenBy(values.only, operations)
  if (!operation) return

  const shop = await openShop(whole('products', values.products))
  const api = await startApi(shop.url)
  try {
    const requests = requestsOf(operation, shop.ids)
    const flood = { rate: 1_000_000, connections: usual }
    const capacity = async () => (await arrive(api.url, requests, { ...flood, seconds: 2 })).answers.length / 2
    await capacity()
    let before = await capacity()
    const rounds: Figures[] = []
    while (rounds.length < most) {
      const next = { rate: before / 2, seconds: 2 }
      const outcome = await arrive(api.url, requests, { rate: times * before, seconds, connections, next })
      const after = await capacity()
      const figures = figuresOf(outcome, (before + after) / 2, seconds)
      rounds.push(figures)
      const { capacity: found, served_of_capacity: share } = figures
      console.error(`${rounds.length} of ${most}: ${share.toFixed(2)} of ${Math.round(found)} requests/s served`)
      before = after
    }
    const result: Record<string, string | number> = { operation: operation.operation, ...sumUp(rounds) }
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
