import { expect, test } from 'vitest'
import { createHistogram } from '../bench/histogram.ts'
import { createSamples, kneeOf } from './samples.ts'

const header = 'metric_name,timestamp,metric_value,name,scenario,status,extra_tags,metadata'

/** What k6 writes of a request that took so long, and ended so long after the test began. */
const request = (
  endMs: number,
  ms: number,
  { scenario = 'measured', status = 200, name = 'getProduct', right = true } = {},
) => [
  `http_reqs,${endMs},1.000000,${name},${scenario},${status},,`,
  `http_req_duration,${endMs},${ms}.000000,${name},${scenario},${status},,`,
  `http_req_waiting,${endMs},${ms}.000000,${name},${scenario},${status},,`,
  `checks,${endMs},${right ? 1 : 0}.000000,,${scenario},,,`,
]

const summedUp = (seconds: number, ...lines: string[][]) => {
  const samples = createSamples(seconds)
  for (const line of [header, ...lines.flat()]) samples.take(line)
  return samples
}

test('sums up the latencies of right answers, from when the first request was sent', () => {
  const samples = summedUp(2, request(1100, 100), request(1300, 200), request(3000, 300))
  expect(samples.begin()).toBe(1000)
  expect(samples.total()).toMatchObject({ answered: 3, rps: 1.5, mean_ms: 200, failed: 0, refused: 0, dropped: 0 })
})

test('leaves out what was asked to warm up', () => {
  const samples = summedUp(1, request(100, 90, { scenario: 'warmup' }), request(5000, 10))
  expect(samples.total()).toMatchObject({ answered: 1, mean_ms: 10 })
})

test('counts wrong answers, refusals and requests that nobody was free to send, and none of their latencies', () => {
  const samples = summedUp(
    1,
    request(10, 10),
    request(20, 10_000, { status: 500, right: false }),
    ['refused,30,1.000000,,measured,,,', 'http_req_duration,30,1.000000,getProduct,measured,503,,'],
    ['dropped_iterations,40,7.000000,,measured,,,'],
  )
  expect(samples.total()).toMatchObject({ answered: 1, mean_ms: 10, failed: 1, refused: 1, dropped: 7 })
})

test('tells the seconds apart, and puts what was answered late into the last', () => {
  const samples = summedUp(2, request(100, 100), request(1200, 10), request(1300, 10), request(4000, 2500))
  expect(samples.intervals()).toMatchObject([
    { at: 0, answered: 1, rps: 1 },
    { at: 1, answered: 3, rps: 3 },
  ])
})

test('takes longer intervals where there would be more than 240', () => {
  const samples = summedUp(600, request(1, 1), request(599_000, 1))
  expect(samples.intervals().map(({ at }) => at)).toEqual(Array.from({ length: 200 }, (_, index) => index * 3))
})

test('tells the operations apart, those with the most answers first', () => {
  const samples = summedUp(1, request(1, 1, { name: 'getCart' }), request(2, 2), request(3, 4))
  expect(samples.operations()).toMatchObject([
    { operation: 'getProduct', figures: { answered: 2, mean_ms: 3 } },
    { operation: 'getCart', figures: { answered: 1, mean_ms: 1 } },
  ])
})

test('knows a quantile to one percent', () => {
  const histogram = createHistogram()
  for (let ms = 1; ms <= 1000; ms += 1) histogram.add(ms)
  for (const share of [0.5, 0.95, 0.99, 1]) {
    expect(histogram.quantile(share)).toBeGreaterThanOrEqual(1000 * share * 0.9999)
    expect(histogram.quantile(share)).toBeLessThanOrEqual(1000 * share * 1.0101)
  }
  expect(createHistogram().quantile(0.5)).toBe(0)
})

const second = (at: number, rps: number, p99_ms: number, dropped = 0) => ({
  at,
  rps,
  answered: rps,
  mean_ms: 1,
  p50_ms: 1,
  p95_ms: 1,
  p99_ms,
  failed: 0,
  refused: 0,
  dropped,
})

test('finds the knee before three seconds in a row without keeping up', () => {
  const seconds = [second(0, 100, 5), second(1, 150, 2000), second(2, 300, 9), second(3, 290, 1500)]
  expect(kneeOf(seconds)).toBeUndefined()
  expect(kneeOf([...seconds, second(4, 200, 9, 50), second(5, 400, 3000)])).toMatchObject({ at: 2, rps: 300 })
})
