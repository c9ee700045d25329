import { percentiles } from '../statistics.ts'
import type { Setting } from './compare.ts'
import { isServed, sendAtRate } from './constantArrivalRate.ts'
import type { Load } from './load.ts'

// Enough that none is missing at half of what the API can answer, unless it stalls.
const connections = 1024

/** Chooses a steady rate of half of what a server can answer. A request that is late counts from when it was due. */
export const atHalfCapacity =
  (load: Load, busyConnections: number): Setting['choose'] =>
  async (url, requests) => {
    await load(url, requests, { connections: busyConnections, seconds: 1 })
    const capacity = await load(url, requests, { connections: busyConnections, seconds: 3 })
    const rate = Math.round(capacity.rps / 2)
    return async (url, requests, seconds) => {
      const { answers, dropped } = await sendAtRate(url, requests, connections, [{ rate, seconds }])
      const failed = dropped + answers.filter((answer) => !isServed(answer)).length
      const durations = answers.map(({ scheduledAt, endedAt }) => endedAt - scheduledAt)
      return { rps: answers.length / seconds, ...percentiles(durations), failed }
    }
  }
