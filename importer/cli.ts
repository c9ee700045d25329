import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../db/open.ts'
import { main, Problem } from '../db/problem.ts'
import { findFiles } from './files.ts'
import { importFiles } from './load.ts'
import { progressOn } from './progress.ts'
import { summaryOf } from './summary.ts'
import { tables } from './tables.ts'

const help = `npm run import -- <folder> [--rejects FILE]

Imports what the folder holds of these CSV files into the database:
  ${tables.map(({ files }) => files.join(' or ')).join('\n  ')}
A row that is there already is made equal to the file's; rows that no file names stay.

  --rejects FILE   where the rows that cannot be loaded are written, with reasons,
                   instead of rejects/<time>.csv in the data folder
  --help           shows this

DATABASE_URL names the database; without it, one is kept in the folder ATELIER_DATA (.atelier).
Ends with 0 when all rows were loaded, 2 when some were rejected, 1 when the import failed.`

const readArguments = () => {
  try {
    const options = { rejects: { type: 'string' }, help: { type: 'boolean' } } as const
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: npm run import -- --help shows what there is.`)
  }
}

// npm runs a script in the project's folder, whatever the one is that paths are meant from.
const fromCaller = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)

await main(async () => {
  const { values, positionals } = readArguments()
  if (values.help) return console.log(help)
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0)
    throw new Problem('Name one folder, the one with the CSV files: npm run import -- <folder>.')

  const files = await findFiles(fromCaller(folder))
  const { url, close } = await openDatabase()
  try {
    const rejects = values.rejects === undefined ? undefined : fromCaller(values.rejects)
    const report = await importFiles(url, files, { rejects, progress: progressOn() })
    console.log(summaryOf(report))
    return report.files.some(({ rejected }) => rejected > 0) ? 2 : 0
  } finally {
    await close()
  }
})
