import { expect, test } from 'vitest'
import { operations } from '../operations.ts'
import { profiles } from './profiles.ts'
import { formatSummary, readSummary, type K6Summary } from './summary.ts'

const summaryOf = (counts: { answered?: number; failed?: number; refused?: number; dropped?: number }): K6Summary => ({
  state: { testRunDurationMs: 6000 },
  metrics: {
    'http_req_duration{scenario:measured,expected_response:true}': {
      values: { count: counts.answered ?? 0, avg: 2.345, med: 1.5, 'p(95)': 6, 'p(99)': 12 },
    },
    'http_req_duration{scenario:measured,name:getProduct}': { values: { count: 9, med: 1, 'p(99)': 3 } },
    'checks{scenario:measured}': { values: { fails: counts.failed ?? 0 } },
    refused: { values: { count: counts.refused ?? 0 } },
    'dropped_iterations{scenario:measured}': { values: { count: counts.dropped ?? 0 } },
  },
})

test('sums up right answers, and counts the others apart', () => {
  const summary = readSummary(summaryOf({ answered: 2991, failed: 3, refused: 6 }), profiles.single, 2, operations)
  expect(summary).toMatchObject({ rps: 1495.5, mean_ms: 2.345, p50_ms: 1.5, p95_ms: 6, p99_ms: 12 })
  expect(summary).toMatchObject({ answered: 2991, failed: 3, refused: 6, dropped: 0 })
  expect(summary.operations).toEqual({ getProduct: { answered: 9, p50_ms: 1, p99_ms: 3 } })
})

test('counts what k6 dropped, or had no time to begin', () => {
  const dropped = (counts: Parameters<typeof summaryOf>[0]) =>
    readSummary(summaryOf(counts), profiles.single, 2, operations).dropped
  expect(dropped({ answered: 2990, dropped: 10 })).toBe(10)
  expect(dropped({ answered: 2900, dropped: 10 })).toBe(100)
})

test('says at which rate the API no longer kept up', () => {
  // Four seconds to warm up, two of waiting, and the rest is measured.
  const k6Summary = { ...summaryOf({ answered: 500 }), state: { testRunDurationMs: 11_000 } }
  const summary = readSummary(k6Summary, profiles.break, 10, operations)
  expect(summary).toMatchObject({ broke_at_rps: 6050, rps: 100 })
  expect(formatSummary(summary, profiles.break, 0)).toContain('kept up until 6,050 requests/s')
})

test('shows the summary beside those of the replaced system', () => {
  const summary = readSummary(summaryOf({ answered: 2999 }), profiles.single, 2, operations)
  const lines = formatSummary(summary, profiles.single, 0.61).split('\n')
  expect(lines.find((line) => line.includes('this run'))).toMatch(/1,500 .* 2\.35 .* 1\.5 .* 6 .* 12 .* 2,999 /)
  expect(lines.find((line) => line.includes('the replaced system'))).toMatch(/1,500 .* 987 .* - /)
  expect(lines.find((line) => line.includes('getProduct'))).toMatch(/ 9 .* 1 .* 3 /)
  expect(lines.at(-1)).toMatch(/^k6 kept 0\.61 of \d+ cores busy\.$/)
})
