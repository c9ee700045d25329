import Table from 'cli-table3'
import { formatInteger } from '../throughput.ts'
import type { ImportReport } from './report.ts'

type Count = 'read' | 'loaded' | 'rejected' | 'repaired'

/** The summary of an import: a table of the files, the phases, and sentences about what was left out or repaired. */
export const formatSummary = (
  { files, phases, seconds, rejects }: ImportReport,
  leftOut: readonly string[] = [],
): string => {
  const sum = (count: Count) => files.reduce((total, file) => total + file[count], 0)
  const counts: Count[] = ['read', 'loaded', 'rejected']
  if (sum('repaired') > 0) counts.push('repaired')

  const table = new Table({
    head: ['file', ...counts, 'seconds'],
    colAligns: ['left', ...counts.map(() => 'right' as const), 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const file of files)
    table.push([file.file, ...counts.map((count) => formatInteger(file[count])), file.seconds.toFixed(1)])
  table.push(['all', ...counts.map((count) => formatInteger(sum(count))), seconds.toFixed(1)])

  const repairs = files.filter(({ repaired }) => repaired > 0).map(formatRepairs)
  const times = Object.entries(phases).map(([phase, taken]) => `${phase} ${taken.toFixed(1)} s`)
  return [
    table.toString(),
    times.join(', '),
    ...leftOut,
    ...repairs,
    ...(rejects ? [`Rejected rows, with reasons: ${rejects}`] : []),
  ].join('\n')
}

const formatRepairs = ({ file, repaired, repairs }: ImportReport['files'][number]): string => {
  const more = repaired > repairs.length ? ` and ${formatInteger(repaired - repairs.length)} more` : ''
  return `${file}: a closing quote was missing and was added on line ${repairs.join(', ')}${more}.`
}
