import { main, readCommandLine } from '../../db/commandLine.ts'
import { buildRequests, pickOperations, type Request } from '../operations.ts'
import { createDurations, formatTable, median } from '../statistics.ts'
import { isServed, sendAtRate } from './constantArrivalRate.ts'
import { atCapacity } from './load.ts'
import { startApi } from './servers.ts'
import { openShop } from './shop.ts'

const about = `Finds how many requests a second the API answers, sends four times as many over at most 2000
connections, and then half as many, round by round. Shows medians, or the largest value where the name says
"worst". A request that is due while every connection waits for an answer is dropped.`

const options = {
  products: { about: 'products in the shop', default: 1000 },
  pick: { about: 'the operation', default: 'getReviewMeta' },
  duration: { about: 'seconds of overload in a round', default: 4 },
  rounds: { about: 'rounds', default: 7 },
} as const

const timesCapacity = 4
const connections = 2000

/** Overloads a server and counts what it did then and after it, in requests a second, requests and milliseconds. */
const overload = async (url: string, requests: readonly Request[], capacity: number, seconds: number) => {
  const end = seconds * 1000
  const durations = createDurations()
  let [sent, served, refused, failed, lastFailure] = [0, 0, 0, 0, end]
  const stages = [
    { rate: timesCapacity * capacity, seconds },
    { rate: capacity / 2, seconds: 2 },
  ]
  const { dropped } = await sendAtRate(url, requests, connections, stages, (answer) => {
    const isOk = isServed(answer)
    if (isOk && answer.endedAt <= end) served += 1
    if (!isOk) lastFailure = Math.max(lastFailure, answer.scheduledAt)
    if (answer.scheduledAt >= end) return
    sent += 1
    durations.add(answer.endedAt - answer.sentAt)
    if (answer.status === 503 && answer.hasRetryAfter) refused += 1
    else if (!isOk) failed += 1
  })
  return {
    sent: sent / seconds,
    served: served / seconds,
    refused: refused / seconds,
    dropped: dropped / seconds,
    ...durations.sumUp(),
    'worst failed': failed,
    'worst ms': durations.max(),
    'worst ms until as before': lastFailure - end,
  }
}

await main(async () => {
  const command = readCommandLine('npm run overload [-- options]', about, options)
  if (!command) return
  const { products, pick, duration: seconds, rounds: count } = command.values
  const [operation] = pickOperations(pick)
  if (!operation) return
  await using shop = await openShop(products)
  const rounds: Record<string, number>[] = []
  await using api = await startApi(shop.url)
  const requests = buildRequests(operation, shop.ids)
  const findCapacity = async () => (await atCapacity(api.url, requests, 2)).rps
  await findCapacity()
  let before = await findCapacity()
  while (rounds.length < count) {
    const figures = await overload(api.url, requests, before, seconds)
    const after = await findCapacity()
    const capacity = (before + after) / 2
    rounds.push({ capacity, 'served of capacity': figures.served / capacity, ...figures })
    const share = (figures.served / capacity).toFixed(2)
    console.error(`round ${rounds.length} of ${count}: ${share} of ${Math.round(capacity)} requests/s served`)
    before = after
  }
  const rows = Object.keys(rounds[0] ?? {}).map((name) => {
    const values = rounds.map((round) => round[name] ?? 0)
    return [name, (name.startsWith('worst') ? Math.max(...values) : median(values)).toFixed(2)]
  })
  console.log(formatTable([operation.name, ''], rows))
})
