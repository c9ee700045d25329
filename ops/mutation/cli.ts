import Table from 'cli-table3'
import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { startTestServer } from '../../db/test/setup.ts'
import { areas } from './areas.ts'
import { known } from './known.ts'
import { installStryker, runStryker, type StrykerReport } from './stryker.ts'

const about = `Changes the code in one place after another and runs the tests that reach it: a change that none of them notices is a
missing test, or code that does nothing. Stryker does it, which is installed into .atelier/stryker; what it found before and
has not changed since is not tried again. Areas: ${Object.keys(areas).join(', ')} (all of them).

What survives for a reason is listed in ops/mutation/known.ts. Ends with 0 when all else was noticed, 1 otherwise.
SQL is out of its sight: npm run test:mutation:sql.`

type Survivor = { readonly file: string; readonly line: number; readonly from: string; readonly to: string }
type Score = { readonly killed: number; readonly ignored: number; readonly survivors: readonly Survivor[] }

const scoreOf = ({ files }: StrykerReport): Score => {
  const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ file, lines: source.split('\n'), ...mutant })),
  )
  const having = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status))
  return {
    killed: having('Killed', 'Timeout').length,
    ignored: having('Ignored').length,
    survivors: having('Survived', 'NoCoverage').map(({ file, lines, replacement, location: { start, end } }) => ({
      file,
      line: start.line,
      from: lines
        .slice(start.line - 1, end.line)
        .join('\n')
        .slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined),
      to: replacement,
    })),
  }
}

const isKnown = (survivor: Survivor): boolean =>
  known.some(({ file, from, to }) => survivor.file === file && survivor.from.includes(from) && survivor.to === to)

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 90)

await main(async () => {
  const command = readCommandLine('npm run test:mutation [-- <area> ...]', about, {})
  if (!command) return 0
  const { words } = command
  const unknown = words.find((name) => !(name in areas))
  if (unknown) throw new UserError(`There is no area ${unknown}: npm run test:mutation -- --help lists them.`)
  await installStryker()
  const server = await startTestServer()
  const table = new Table({
    head: ['area', 'killed', 'survived', 'of them known', 'score'],
    style: { head: [], border: [] },
  })
  const found: Survivor[] = []
  try {
    for (const [name, area] of Object.entries(areas)) {
      if (words.length > 0 && !words.includes(name)) continue
      const { killed, survivors } = scoreOf(await runStryker(name, area, server.url))
      const unexplained = survivors.filter((survivor) => !isKnown(survivor))
      const score = ((100 * killed) / (killed + survivors.length)).toFixed(1)
      table.push([name, killed, survivors.length, survivors.length - unexplained.length, `${score} %`])
      found.push(...unexplained)
    }
  } finally {
    await server.stop()
  }
  for (const { file, line, from, to } of found) console.log(`${file}:${line}  ${oneLine(from)}  ->  ${oneLine(to)}`)
  console.log(String(table))
  return found.length === 0 ? 0 : 1
})
