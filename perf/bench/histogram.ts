/** Durations, counted by how long they are: the memory that it takes does not grow with them. */
export type Histogram = {
  readonly add: (ms: number) => void
  readonly count: () => number
  readonly mean: () => number
  /** The duration that a share of all does not exceed, to one percent. */
  readonly quantile: (share: number) => number
}

const smallest = 0.01
const step = Math.log(1.01)

export const createHistogram = (): Histogram => {
  const counts: number[] = []
  let count = 0
  let sum = 0
  return {
    add: (ms) => {
      const index = Math.max(0, Math.ceil(Math.log(ms / smallest) / step))
      counts[index] = (counts[index] ?? 0) + 1
      count += 1
      sum += ms
    },
    count: () => count,
    mean: () => (count === 0 ? 0 : sum / count),
    quantile: (share) => {
      let left = Math.max(1, Math.ceil(share * count))
      const index = counts.findIndex((number) => (left -= number ?? 0) <= 0)
      return index < 0 ? 0 : smallest * Math.exp(index * step)
    },
  }
}
