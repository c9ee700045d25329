import { readFileSync } from 'node:fs'
import { escape, lineChart, readable } from './chart.ts'
import type { Cores } from './cpu.ts'
import type { Figures, Interval } from './samples.ts'

/** What a run of k6 came to. */
export type Run = {
  readonly profile: string
  readonly about: string
  /** When it was, in ISO 8601. */
  readonly time: string
  /** What it was run with: names and values for a person. */
  readonly settings: Readonly<Record<string, string>>
  /** Whether all that the profile asks held. */
  readonly held: boolean
  /** What k6 and the checks had to say. */
  readonly complaints: readonly string[]
  readonly total: Figures
  /** The most requests a second that were answered before the API no longer kept up, where that was looked for. */
  readonly knee_rps?: number
  /** The share of the reads it may keep that the cache answered, where there is one. */
  readonly hits?: number
  readonly replaced?: { readonly rps: number; readonly mean_ms: number }
  readonly operations: readonly { readonly operation: string; readonly figures: Figures }[]
  /** How long was measured, and what came in each part of it; `due_rps` is what the profile asks for. */
  readonly seconds: number
  readonly intervals: readonly (Interval & { readonly due_rps?: number })[]
  /** How many cores each program kept busy, on average and over time. */
  readonly cores: Cores
  readonly coresOverTime: readonly { readonly at: number; readonly cores: Cores }[]
}

const colors = ['var(--a)', 'var(--b)', 'var(--c)', 'var(--d)', 'var(--e)', 'var(--f)']

const style = readFileSync(new URL('./report.css', import.meta.url), 'utf8')

type Cell = string | number | undefined

const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string => {
  const cell = (value: Cell) => (typeof value === 'number' ? readable(value) : escape(value ?? '–'))
  const row = (cells: readonly Cell[]) =>
    `<tr>${head.map((_, index) => `<td>${cell(cells[index])}</td>`).join('')}</tr>`
  return `<div class="wide"><table><thead><tr>${head.map((name) => `<th>${escape(name)}</th>`).join('')}</tr></thead>
<tbody>${rows.map(row).join('\n')}</tbody></table></div>`
}

/** The columns in which figures are shown. */
export const columns = [
  'requests/s',
  'mean ms',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'answered',
  'failed',
  'refused',
  'dropped',
]

/** Figures in the order of the columns. */
export const cellsOf = (figures: Figures): number[] => [
  figures.rps,
  figures.mean_ms,
  figures.p50_ms,
  figures.p95_ms,
  figures.p99_ms,
  figures.answered,
  figures.failed,
  figures.refused,
  figures.dropped,
]

const chartsOf = ({ seconds, intervals, cores, coresOverTime }: Run): string[] => {
  const time = { seconds, times: intervals.map(({ at }) => at) }
  const line = (name: string, color: string, of: (interval: Run['intervals'][number]) => number) => ({
    name,
    color,
    values: intervals.map(of),
  })
  const isDue = intervals.some(({ due_rps }) => due_rps !== undefined)
  const due = { ...line('due', 'var(--f)', ({ due_rps }) => due_rps ?? 0), dashed: true }
  const lost = [
    line('failed', 'var(--c)', ({ failed }) => failed),
    line('refused', 'var(--b)', ({ refused }) => refused),
    line('dropped', 'var(--f)', ({ dropped }) => dropped),
  ].filter(({ values }) => values.some((value) => value > 0))
  const programs = Object.keys(cores).toSorted()
  return [
    lineChart('Answers', 'a second', time, [...(isDue ? [due] : []), line('answered', 'var(--a)', ({ rps }) => rps)]),
    lineChart('Latency', 'ms', time, [
      line('p50', 'var(--a)', ({ p50_ms }) => p50_ms),
      line('p95', 'var(--b)', ({ p95_ms }) => p95_ms),
      line('p99', 'var(--c)', ({ p99_ms }) => p99_ms),
    ]),
    lost.length > 0 ? lineChart('Not answered', 'requests', time, lost) : '',
    programs.length > 0
      ? lineChart(
          'Busy cores',
          'cores',
          { seconds, times: coresOverTime.map(({ at }) => at) },
          programs.map((name, index) => ({
            name,
            color: colors[index % colors.length] ?? '',
            values: coresOverTime.map(({ cores }) => cores[name] ?? 0),
          })),
        )
      : '',
  ]
}

/** A run as a page of HTML that asks nobody for anything. */
export const reportOf = (run: Run): string => {
  const { profile, about, time, settings, held, knee_rps, hits, complaints, total, replaced, operations, cores } = run
  const settled = Object.entries(settings).map(
    ([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(profile)}: ${escape(about)}</title>
<style>${style}</style>
<h1>${escape(profile)}</h1>
<p>${escape(about)}, ${escape(time)}</p>
<p class="${held ? 'held' : 'missed'}">${held ? 'All that the profile asks held.' : 'Not all that the profile asks held.'}</p>
${knee_rps === undefined ? '' : `<p>It kept up until ${readable(knee_rps)} requests a second.</p>`}
${hits === undefined ? '' : `<p>The cache answered ${readable(100 * hits)} % of the reads that it may keep.</p>`}
<dl>${settled.join('')}</dl>
${table(
  ['', ...columns],
  [['this run', ...cellsOf(total)], ...(replaced ? [['the replaced system', replaced.rps, replaced.mean_ms]] : [])],
)}
${complaints.length > 0 ? `<h2>What k6 said</h2><pre>${escape(complaints.join('\n'))}</pre>` : ''}
${chartsOf(run).join('\n')}
<h2>By operation</h2>
${table(
  ['', ...columns.slice(0, 7)],
  operations.map(({ operation, figures }) => [operation, ...cellsOf(figures)]),
)}
<h2>Busy cores, on average</h2>
${table(
  ['', 'cores'],
  Object.entries(cores).toSorted(([, a], [, b]) => b - a),
)}
</html>
`
}
