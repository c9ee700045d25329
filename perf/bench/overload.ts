import { main } from '../../db/problem.ts'
import { readCommandLine } from '../commandLine.ts'
import { buildRequests, pickOperations } from '../operations.ts'
import { formatTable, median, percentiles } from '../statistics.ts'
import { type Answer, isServed, type Outcome, sendAtRate } from './constantArrivalRate.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Finds how many requests a second the API answers, sends four times as many over at most 2000 connections, and then
half as many, round by round. Shows medians, or the largest value where the name says "worst". A request that is due
while every connection waits for an answer is dropped.`

const options = {
  products: { about: 'products in the shop', default: 1000 },
  pick: { about: 'the operation', default: 'getReviewMeta' },
  duration: { about: 'seconds of overload in a round', default: 4 },
  rounds: { about: 'rounds', default: 7 },
} as const

const timesCapacity = 4
const connections = 2000

/** A round of overload and what came after it, in requests a second, requests and milliseconds. */
const sumUp = ({ answers, dropped }: Outcome, capacity: number, seconds: number) => {
  const end = seconds * 1000
  const during = answers.filter(({ scheduledAt }) => scheduledAt < end)
  const durations = during.map((answer) => answer.endedAt - answer.sentAt)
  const served = answers.filter((answer) => isServed(answer) && answer.endedAt <= end).length / seconds
  const isRefused = ({ status, hasRetryAfter }: Answer) => status === 503 && hasRetryAfter
  const lastFailure = answers.findLast((answer) => !isServed(answer) && answer.scheduledAt > end)
  return {
    capacity,
    sent: during.length / seconds,
    served,
    'served of capacity': served / capacity,
    refused: during.filter(isRefused).length / seconds,
    dropped: dropped / seconds,
    ...percentiles(durations),
    'worst failed': during.filter((answer) => !isServed(answer) && !isRefused(answer)).length,
    'worst ms': durations.reduce((most, ms) => Math.max(most, ms), 0),
    'worst ms until as before': (lastFailure?.scheduledAt ?? end) - end,
  }
}

await main(async () => {
  const command = readCommandLine('npm run overload [-- options]', about, options)
  if (!command) return
  const { products, pick, duration: seconds, rounds: most } = command.values
  const [operation] = pickOperations(pick)
  if (!operation) return

  const shop = await openShop(products)
  const api = await startApi(shop.url)
  try {
    const requests = buildRequests(operation, shop.ids)
    const findCapacity = async () =>
      (await sendAtRate(api.url, requests, 128, [{ rate: 500_000, seconds: 2 }])).answers.length / 2
    await findCapacity()
    let before = await findCapacity()
    const rounds: ReturnType<typeof sumUp>[] = []
    while (rounds.length < most) {
      const stages = [
        { rate: timesCapacity * before, seconds },
        { rate: before / 2, seconds: 2 },
      ]
      const outcome = await sendAtRate(api.url, requests, connections, stages)
      const after = await findCapacity()
      const figures = sumUp(outcome, (before + after) / 2, seconds)
      rounds.push(figures)
      const served = `${figures['served of capacity'].toFixed(2)} of ${Math.round(figures.capacity)} requests/s served`
      console.error(`round ${rounds.length} of ${most}: ${served}`)
      before = after
    }
    const names = Object.keys(rounds[0] ?? {}) as (keyof (typeof rounds)[number])[]
    const rows = names.map((name) => {
      const values = rounds.map((round) => round[name])
      return [name, (name.startsWith('worst') ? Math.max(...values) : median(values)).toFixed(2)]
    })
    console.log(formatTable([operation.name, ''], rows))
  } finally {
    await api.stop()
    await shop.close()
  }
})
