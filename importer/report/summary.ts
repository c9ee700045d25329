import Table from 'cli-table3'
import type { ImportReport } from './report.ts'

type Figure = 'read' | 'loaded' | 'rejected' | 'repaired'

const whole = new Intl.NumberFormat('en-US')

/** What became of an import, as a table and the lines below it; what was left out is said once more. */
export const summaryOf = (
  { files, phases, seconds, rejects }: ImportReport,
  leftOut: readonly string[] = [],
): string => {
  const sum = (figure: Figure) => files.reduce((total, file) => total + file[figure], 0)
  const figures: Figure[] = ['read', 'loaded', 'rejected']
  if (sum('repaired') > 0) figures.push('repaired')

  const table = new Table({
    head: ['file', ...figures, 'seconds'],
    colAligns: ['left', ...figures.map(() => 'right' as const), 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const file of files)
    table.push([file.file, ...figures.map((figure) => whole.format(file[figure])), file.seconds.toFixed(1)])
  table.push(['all', ...figures.map((figure) => whole.format(sum(figure))), seconds.toFixed(1)])

  const repairs = files.filter(({ repaired }) => repaired > 0).map(repairsOf)
  const times = Object.entries(phases).map(([phase, taken]) => `${phase} ${taken.toFixed(1)} s`)
  return [
    table.toString(),
    times.join(', '),
    ...leftOut,
    ...repairs,
    ...(rejects ? [`Rejected rows, with reasons: ${rejects}`] : []),
  ].join('\n')
}

const repairsOf = ({ file, repaired, repairs }: ImportReport['files'][number]): string => {
  const more = repaired > repairs.length ? ` and ${whole.format(repaired - repairs.length)} more` : ''
  return `${file}: a closing quote was missing and was added on line ${repairs.join(', ')}${more}.`
}
