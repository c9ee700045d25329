import { parseArgs } from 'node:util'
import { client } from '../db/client.ts'
import { openDatabase } from '../db/open.ts'
import { main, resolvePath, UserError } from '../db/commandLine.ts'
import { balancersIn } from './balancers.ts'
import { dryRun } from './dryRun.ts'
import { missingFiles, only, readFolder } from './csv/files.ts'
import { importFiles } from './load.ts'
import { progressOn } from './progress.ts'
import { endImports } from './build/checkpoint.ts'
import type { ImportReport } from './report/report.ts'
import { summaryOf } from './report/summary.ts'
import { tables } from './tables/index.ts'

const help = `npm run import -- <folder> [options]

Imports what the folder holds of these CSV files into the database:
  ${tables.map(({ files }) => files.join(' or ')).join('\n  ')}
The case of their names does not count, and they may be packed with gzip (reviews.csv.gz).
A row that is there already becomes the file's; rows that no file names stay. All of it is built beside the live data and
takes its place at once, in the end. An import that is interrupted goes on when the same command is given again.

  --fresh          replaces the whole data set with the files, instead of merging by id
  --only NAMES     only these files, such as reviews,reviews_photos
  --rejects FILE   where the rows that cannot be loaded are written, with reasons,
                   instead of rejects/<time>.csv in the data folder
  --max-rejects N  fails when more rows than this are rejected
  --strict         fails, before anything is done, when something in the folder is left out
  --dry-run        reads and checks the files, without a database
  --json           prints the report as JSON
  --help           shows this

DATABASE_URL names the database; without it, one is kept in the folder ATELIER_DATA (.atelier).
ATELIER_BALANCERS names balancers by their admin addresses: they are told to invalidate what they keep.
Ends with 0 when all rows were loaded, 2 when some were rejected, 1 when the import failed.`

const options = {
  fresh: { type: 'boolean' },
  only: { type: 'string' },
  rejects: { type: 'string' },
  'max-rejects': { type: 'string' },
  strict: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const readArguments = () => {
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    throw new UserError(`${(error as Error).message.split('. ')[0]}: npm run import -- --help shows what there is.`)
  }
}

const wholeNumber = (text: string | undefined): number | undefined => {
  if (text !== undefined && !/^\d{1,9}$/.test(text))
    throw new UserError(`--max-rejects is ${text}: give it a whole number from 0.`)
  return text === undefined ? undefined : Number(text)
}

/** Does a task until it is done or a signal comes, which ends the connections of the import. */
const untilInterrupted = async (url: string, task: () => Promise<ImportReport>): Promise<ImportReport> => {
  let isInterrupted = false
  const interrupt = () => {
    isInterrupted = true
    const sql = client(url, { max: 1 })
    void endImports(sql).then(() => sql.end({ timeout: 5 }))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  try {
    return await task()
  } catch (error) {
    throw isInterrupted
      ? new UserError('Interrupted: what was live is as it was, and the same command goes on from here.')
      : error
  }
}

const importInto = async (run: (url: string) => Promise<ImportReport>): Promise<ImportReport> => {
  const { url, close } = await openDatabase()
  try {
    return await untilInterrupted(url, () => run(url))
  } finally {
    await close()
  }
}

await main(async () => {
  const { values, positionals } = readArguments()
  if (values.help) return console.log(help)
  const [given, ...others] = positionals
  if (given === undefined || others.length > 0)
    throw new UserError('Name one folder, the one with the CSV files: npm run import -- <folder>.')
  if (values.fresh && values.only !== undefined)
    throw new UserError('--fresh replaces the whole data set, and --only takes a part of it: leave one of them out.')

  const folder = resolvePath(given)
  const source = await readFolder(folder)
  const files = only(source.files, values.only)
  // Who names files leaves out the others knowingly.
  const leftOut = values.only === undefined ? [...source.leftOut, ...(values.fresh ? missingFiles(files) : [])] : []
  if (values.strict && leftOut.length > 0)
    throw new UserError(`${leftOut.join(' ')} Nothing is imported, as --strict takes all or nothing.`)
  for (const sentence of leftOut) console.error(sentence)
  const rejects = values.rejects === undefined ? undefined : resolvePath(values.rejects)
  const maxRejects = wholeNumber(values['max-rejects'])
  const balancers = balancersIn(process.env)
  const wanted = { rejects, maxRejects, isFresh: values.fresh, balancers, progress: progressOn() }
  const report = values['dry-run']
    ? await dryRun(files, wanted)
    : await importInto((url) => importFiles(url, folder, files, wanted))
  console.log(values.json ? JSON.stringify({ ...report, leftOut }, undefined, 2) : summaryOf(report, leftOut))
  return report.files.some(({ rejected }) => rejected > 0) ? 2 : 0
})
