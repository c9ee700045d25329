import Table from 'cli-table3'
import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { startTestServer } from '../../db/test/setup.ts'
import { areas } from './areas.ts'
import { knownSurvivors } from './known/index.ts'
import { installStryker, type Position, runStryker, type StrykerReport } from './stryker.ts'

const about = `Mutates the code with Stryker, installed into .atelier/stryker, and runs the tests that cover each mutant.
A mutant that survives is a missing test, or code without an effect. Unchanged code keeps its results of earlier runs.
Areas: ${Object.keys(areas).join(', ')} (all by default).

ops/mutation/known lists the mutants that may survive. Exits with 0 if no other does, and with 1 otherwise.
Stryker does not mutate SQL: npm run test:mutation:sql does.`

type Survivor = {
  readonly file: string
  readonly line: number
  readonly from: string
  readonly to: string
  readonly source: string
  /** The source with the mutation. */
  readonly mutated: string
}
type Score = { readonly killed: number; readonly ignored: number; readonly survivors: readonly Survivor[] }

const computeScore = ({ files }: StrykerReport): Score => {
  const mutants = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ file, source, ...mutant })),
  )
  const select = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status))
  return {
    killed: select('Killed', 'Timeout').length,
    ignored: select('Ignored').length,
    survivors: select('Survived', 'NoCoverage').map(({ file, source, replacement: to, location }) => {
      const [start, end] = [indexOf(source, location.start), indexOf(source, location.end)]
      const mutated = source.slice(0, start) + to + source.slice(end)
      return { file, line: location.start.line, from: source.slice(start, end), to, source, mutated }
    }),
  }
}

const indexOf = (source: string, { line, column }: Position): number =>
  source.split('\n', line - 1).reduce((index, { length }) => index + length + 1, column - 1)

const isListed = (survivor: Survivor): boolean =>
  knownSurvivors.some(
    ({ file, from, to }) =>
      survivor.file === file &&
      withoutBlanks(survivor.source.replace(from, () => to)) === withoutBlanks(survivor.mutated),
  )

// Stryker formats what it mutates anew.
const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '')

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
    head: ['area', 'killed', 'survived', 'listed', 'score'],
    style: { head: [], border: [] },
  })
  const unknownSurvivors: Survivor[] = []
  try {
    for (const [name, area] of Object.entries(areas)) {
      if (words.length > 0 && !words.includes(name)) continue
      const { killed, survivors } = computeScore(await runStryker(name, area, server.url))
      const unlisted = survivors.filter((survivor) => !isListed(survivor))
      const score = ((100 * killed) / (killed + survivors.length)).toFixed(1)
      table.push([name, killed, survivors.length, survivors.length - unlisted.length, `${score} %`])
      unknownSurvivors.push(...unlisted)
    }
  } finally {
    await server.stop()
  }
  for (const { file, line, from, to } of unknownSurvivors)
    console.log(`${file}:${line}  ${oneLine(from)}  ->  ${oneLine(to)}`)
  console.log(String(table))
  return unknownSurvivors.length === 0 ? 0 : 1
})
