import { expect, test } from 'vitest'
import { escape, lineChart } from './chart.ts'
import { reportOf, type Run } from './report.ts'

const figures = {
  rps: 1499.6,
  mean_ms: 2.345,
  p50_ms: 1.5,
  p95_ms: 6,
  p99_ms: 12,
  answered: 2999,
  failed: 0,
  refused: 0,
  dropped: 0,
}
const run: Run = {
  profile: 'single',
  about: '1500 requests a second against one node',
  time: '2026-01-02T03:04:05.678Z',
  settings: { products: '1,000' },
  held: true,
  complaints: [],
  total: figures,
  replaced: { rps: 1500, mean_ms: 987 },
  operations: [{ operation: 'getProduct', figures }],
  seconds: 2,
  intervals: [
    { at: 0, ...figures, due_rps: 1500 },
    { at: 1, ...figures, due_rps: 1500 },
  ],
  cores: { k6: 0.61, node: 0.9 },
  coresOverTime: [{ at: 1, cores: { k6: 0.61, node: 0.9 } }],
}

test('shows the figures beside those of the replaced system', () => {
  const page = reportOf(run)
  expect(page).toContain('<td>this run</td><td>1,500</td><td>2.35</td>')
  expect(page).toContain('<td>the replaced system</td><td>1,500</td><td>987</td><td>–</td>')
  expect(page).toContain('All that the profile asks held.')
  expect(page).toContain('<td>getProduct</td>')
})

test('draws what was answered, how long it took and who was busy', () => {
  const labels = [...reportOf(run).matchAll(/aria-label="([^"]+)"/g)].map(([, label]) => label)
  expect(labels).toEqual(['Answers', 'Latency', 'Busy cores'])
})

test('draws what was not answered only where there was such', () => {
  const lost = reportOf({ ...run, intervals: [{ at: 0, ...figures, dropped: 7 }] })
  expect(lost).toContain('aria-label="Not answered"')
  expect(lost).toContain('dropped: 7 requests')
  expect(lost).not.toContain('failed: 0 requests')
})

test('says so when not all held, and what k6 had to say', () => {
  const page = reportOf({ ...run, held: false, complaints: ['GET /products/1 answered 500'] })
  expect(page).toContain('Not all that the profile asks held.')
  expect(page).toContain('<pre>GET /products/1 answered 500</pre>')
})

test('asks nobody for anything, and forbids it', () => {
  const page = reportOf(run)
  expect(page).not.toMatch(/https?:|src=|href=|url\(|@import|<script/)
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
})

test('escapes what comes from elsewhere', () => {
  const hostile = `<script>alert("it's")</script>&`
  const page = reportOf({
    ...run,
    profile: hostile,
    about: hostile,
    time: hostile,
    complaints: [hostile],
    settings: { [hostile]: hostile },
    operations: [{ operation: hostile, figures }],
    cores: { [hostile]: 1 },
  })
  expect(page).not.toContain('<script')
  expect(page).not.toContain(`"it's"`)
  expect(escape(hostile)).toBe('&#60;script&#62;alert(&#34;it&#39;s&#34;)&#60;/script&#62;&#38;')
})

test('a chart of nothing, and of one moment, has no number that is none', () => {
  const time = { seconds: 1, times: [0] }
  for (const values of [[], [0], [5]]) {
    expect(lineChart('Answers', 'a second', time, [{ name: 'a', color: 'red', values }])).not.toMatch(/NaN|Infinity/)
  }
})
