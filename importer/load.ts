import { join } from 'node:path'
import { client } from '../db/client.ts'
import { dataFolder } from '../db/embedded/folder.ts'
import { UserError } from '../db/commandLine.ts'
import { atOnce, builder } from './build/builders.ts'
import { invalidateAnswers } from './balancers.ts'
import { translateError } from './translateError.ts'
import { findFiles, type SourceFile } from './csv/files.ts'
import { planOf } from './plan.ts'
import { silent, type Progress } from './progress.ts'
import { rejectFile } from './report/rejects.ts'
import { build } from './build/phases.ts'
import { reportFiles, writeRejects, type ImportReport } from './report/report.ts'
import { applicationName, lockImport, openCheckpoint } from './build/checkpoint.ts'

export type ImportOptions = {
  /** The file for the rejects; one named after the time, in the data folder, if left out. */
  readonly rejects?: string | undefined
  /** More rejects than this fail the import. */
  readonly maxRejects?: number | undefined
  /** Whether the files replace the whole data set; otherwise rows that no file names stay. */
  readonly isFresh?: boolean | undefined
  /** Nothing is told if left out. */
  readonly progress?: Progress | undefined
  /** The admin addresses of balancers, whose answers are others when the import is live. */
  readonly balancers?: readonly string[] | undefined
  /** So much of a file is loaded in one transaction; 32 MiB if left out. */
  readonly batchBytes?: number | undefined
  /** With more bytes than this to read, threads read them; 16 MiB if left out, as starting threads takes time. */
  readonly threadsAbove?: number | undefined
}

/** Imports what a folder holds of the 14 CSV files into the migrated database of a URL: all of it at once, or nothing. */
export const importFolder = async (url: string, folder: string, options: ImportOptions = {}): Promise<ImportReport> =>
  importFiles(url, folder, await findFiles(folder), options)

/**
 * Imports files of a folder. What is built stands beside the live tables until it is whole; an import of the same files
 * goes on where one was interrupted. A `UserError` says what kept it from being done.
 */
export const importFiles = async (
  url: string,
  folder: string,
  files: readonly SourceFile[],
  options: ImportOptions = {},
): Promise<ImportReport> => {
  const { rejects: path = defaultRejects(), progress = silent, isFresh = false } = options
  const { batchBytes = 32 << 20, threadsAbove = 16 << 20, maxRejects: mostRejects = Infinity } = options
  const started = performance.now()
  const plan = planOf(folder, files, isFresh)
  const connection = { application_name: applicationName, statement_timeout: 0 }
  // One holds the lock and asks for live rows; the others build.
  const live = client(url, { max: 1, max_lifetime: null, connection })
  const builders = Array.from({ length: atOnce }, () => builder(url))
  const rejects = rejectFile(path)
  try {
    await lockImport(live)
    const checkpoint = await openCheckpoint(live, plan)
    progress.begin(files, checkpoint.isResumed)
    const { moment } = checkpoint
    const phases = checkpoint.isSwapped
      ? {}
      : await build({ url, live, builders, plan, moment, batchBytes, threadsAbove, mostRejects, progress })
    const [log] = await live<{ end: string }[]>`select pg_current_wal_insert_lsn()::text as end`
    await invalidateAnswers(options.balancers ?? [], log?.end ?? '')
    await writeRejects(live, plan, rejects)
    const reports = await reportFiles(live, plan)
    await live`drop schema if exists retired cascade`
    await live`drop schema staging cascade`
    const seconds = (performance.now() - started) / 1000
    return { files: reports, phases, seconds, rejects: rejects.path }
  } catch (error) {
    // What was refused so far is of use to whoever mends the files.
    if (error instanceof UserError) await writeRejects(live, plan, rejects).catch(() => {})
    throw translateError(error)
  } finally {
    progress.stop()
    await rejects.close()
    await Promise.all([live, ...builders].map((sql) => sql.end({ timeout: 0 })))
  }
}

/** A file in the data folder, named after the time. */
export const defaultRejects = (): string =>
  join(dataFolder(), 'rejects', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.csv`)
