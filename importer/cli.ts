import { client } from '../db/client.ts'
import { interrupted, main, readCommandLine, resolvePath, UserError } from '../db/commandLine.ts'
import { openDatabase } from '../db/open.ts'
import { readBalancers } from './balancers.ts'
import { dryRun } from './dryRun.ts'
import { describeMissingFiles, readFolder, selectFiles } from './csv/files.ts'
import { importFiles } from './load.ts'
import { progressOn } from './progress.ts'
import { endImports } from './build/checkpoint.ts'
import type { ImportReport } from './report/report.ts'
import { formatSummary } from './report/summary.ts'
import { tables } from './tables/index.ts'

const usage = 'npm run import -- <folder> [options]'

const about = `Imports these CSV files of a folder into the database:
  ${tables.map(({ files }) => files.join(' or ')).join('\n  ')}
The case of their names does not matter, and they may be packed with gzip (reviews.csv.gz).
A row that exists already becomes the file's; rows that are in no file stay. New tables are built beside the live ones
and replace them all at once at the end. An interrupted import is resumed by the same command.

DATABASE_URL names the database; without it, one is kept in the folder ATELIER_DATA (.atelier).
ATELIER_BALANCERS names balancers by their admin addresses: their caches are invalidated.
Exits with 0 when all rows were loaded, 2 when some were rejected, 1 when the import failed.`

const options = {
  fresh: { default: false, about: 'replaces the whole data set with the files, instead of merging by id' },
  only: { default: 'all', value: 'NAMES', about: 'only these files, such as reviews,reviews_photos' },
  rejects: {
    default: '',
    value: 'FILE',
    about:
      'the file for rows that cannot be loaded, with reasons,\n                    instead of rejects/<time>.csv in the data folder',
  },
  'max-rejects': { default: Infinity, min: 0, about: 'fails when more rows than this are rejected' },
  strict: { default: false, about: 'fails, before anything is done, when something in the folder is left out' },
  'dry-run': { default: false, about: 'reads and checks the files, without a database' },
  json: { default: false, about: 'prints the report as JSON' },
} as const

/** Runs a task until it ends or a signal comes, which closes the connections of the import. */
const runUntilInterrupted = async (url: string, task: () => Promise<ImportReport>): Promise<ImportReport> => {
  let isInterrupted = false
  const endOnSignal = async (): Promise<void> => {
    await interrupted()
    isInterrupted = true
    const sql = client(url, { max: 1 })
    await endImports(sql)
    await sql.end({ timeout: 5 })
  }
  void endOnSignal()
  try {
    return await task()
  } catch (error) {
    throw isInterrupted
      ? new UserError('Interrupted: what was live is as it was, and the same command goes on from here.')
      : error
  }
}

const runOnDatabase = async (run: (url: string) => Promise<ImportReport>): Promise<ImportReport> => {
  const { url, close } = await openDatabase()
  try {
    return await runUntilInterrupted(url, () => run(url))
  } finally {
    await close()
  }
}

await main(async () => {
  const commandLine = readCommandLine(usage, about, options)
  if (!commandLine) return 0
  const { values, words } = commandLine
  const [path, ...others] = words
  if (path === undefined || others.length > 0)
    throw new UserError('Name one folder, the one with the CSV files: npm run import -- <folder>.')
  const only = values.only === options.only.default ? undefined : values.only
  if (values.fresh && only !== undefined)
    throw new UserError('--fresh replaces the whole data set, and --only takes a part of it: leave one of them out.')

  const folder = resolvePath(path)
  const source = await readFolder(folder)
  const files = selectFiles(source.files, only)
  // With --only, leaving out the others is intended.
  const leftOut = only === undefined ? [...source.leftOut, ...(values.fresh ? describeMissingFiles(files) : [])] : []
  if (values.strict && leftOut.length > 0)
    throw new UserError(`${leftOut.join(' ')} Nothing is imported, as --strict takes all or nothing.`)
  for (const sentence of leftOut) console.error(sentence)
  const importOptions = {
    rejects: values.rejects === '' ? undefined : resolvePath(values.rejects),
    maxRejects: values['max-rejects'],
    isFresh: values.fresh,
    balancers: readBalancers(process.env),
    progress: progressOn(),
  }
  const report = values['dry-run']
    ? await dryRun(files, importOptions)
    : await runOnDatabase((url) => importFiles(url, folder, files, importOptions))
  console.log(values.json ? JSON.stringify({ ...report, leftOut }, undefined, 2) : formatSummary(report, leftOut))
  return report.files.some(({ rejected }) => rejected > 0) ? 2 : 0
})
