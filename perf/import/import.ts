import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmbedded } from '../../db/embedded/start.ts'
import { dataFolder } from '../../db/embedded/folder.ts'
import { migrate } from '../../db/index.ts'
import { importSettings } from '../../db/open.ts'
import { main, readCommandLine } from '../../db/commandLine.ts'
import { generate } from '../../importer/generate/generate.ts'
import { createTemporaryDatabase, runStatements } from '../databases.ts'
import { formatTable, median } from '../statistics.ts'
import { runImporter, runPsql, type Times } from './runs.ts'

const about = `Imports generated files with psql (\\copy into tables without keys, then the same keys, indexes,
totals and documents by SQL) and with npm run import, in turns, each into a new database of one embedded server.
Shows medians.`

const options = {
  products: { about: 'products in the files', default: 100_000 },
  rounds: { about: 'imports of each kind', default: 3 },
} as const

/** Calls a function with a new, migrated database of a server, which is dropped after it. */
const withDatabase = async <Result>(server: string, task: (url: string) => Promise<Result>): Promise<Result> => {
  await using database = await createTemporaryDatabase(server, 'import')
  await migrate(database.url)
  // The import before leaves pages to be written, which this one would wait for.
  await runStatements(database.url, 'checkpoint')
  return await task(database.url)
}

const sum = (times: Times): number => Object.values(times).reduce((total, seconds) => total + seconds, 0)

await main(async () => {
  const command = readCommandLine('npm run bench:import [-- options]', about, options)
  if (!command) return
  const { products, rounds: count } = command.values
  const folder = join(dataFolder(), 'bench', 'import')
  const files = join(folder, `set-${products}`)
  const server = await startEmbedded(folder, importSettings)
  try {
    const isGenerated = await stat(join(files, 'answers_photos.csv')).catch(() => undefined)
    if (!isGenerated) await generate(files, { products, seed: 1 })
    const rounds: { psql: Times; importer: Times; peakMb: number }[] = []
    while (rounds.length < count) {
      const psql = await withDatabase(server.url, (url) => runPsql(url, files))
      const { times: importer, peakMb } = await withDatabase(server.url, (url) => runImporter(url, files))
      rounds.push({ psql, importer, peakMb })
      const seconds = `psql ${sum(psql).toFixed(1)} s, npm run import ${sum(importer).toFixed(1)} s`
      console.error(`round ${rounds.length} of ${count}: ${seconds}`)
    }
    const rows = (['psql', 'importer'] as const).flatMap((name) => {
      const all = rounds.map((round) => round[name])
      const steps = Object.keys(all[0] ?? {}).map((step) => [step, all.map((times) => times[step] ?? 0)] as const)
      const withTotal = [...steps, ['all', all.map(sum)] as const]
      return withTotal.map(([step, seconds]) => [`${name}: ${step}`, median(seconds).toFixed(1)])
    })
    console.log(formatTable(['', 'seconds'], rows))
    const ratio = median(rounds.map(({ psql, importer }) => sum(importer) / sum(psql))).toFixed(2)
    const peakMb = Math.max(...rounds.map(({ peakMb }) => peakMb)).toFixed(0)
    console.log(`The importer takes ${ratio} of the time of psql, and at most ${peakMb} MB.`)
  } finally {
    await server.stop()
  }
})
