type Sample = {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/**
 * Counts values by upper bounds, as a histogram of Prometheus does. Adding one is a few steps in an array: the library
 * sorts and joins the labels at each value, which costs as much as a tenth of a request.
 */
export const createBuckets = (bounds: readonly number[]) => {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    add: (value: number): void => {
      let bucket = 0
      while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1
      counts[bucket] = (counts[bucket] as number) + 1
      sum += value
    },
    /** The samples of a histogram with these labels; `unit` is what a value has to be multiplied by. */
    samples: (name: string, labels: Readonly<Record<string, string>>, unit = 1): Sample[] => {
      let total = 0
      const buckets = Array.from(counts, (count, bucket) => {
        const bound = bounds[bucket]
        const le = bound === undefined ? '+Inf' : String(Number((bound * unit).toPrecision(6)))
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: (total += count) }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels, value: sum * unit },
        { metricName: `${name}_count`, labels, value: total },
      ]
    },
  }
}

export type Buckets = ReturnType<typeof createBuckets>
