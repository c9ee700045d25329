import { join } from 'node:path'
import { client } from '../db/client.ts'
import { refusePgBouncer } from '../db/pool/pgBouncer.ts'
import { dataFolder } from '../db/embedded/folder.ts'
import { UserError } from '../db/commandLine.ts'
import { parallelism, connectBuilder } from './build/builders.ts'
import { invalidateAnswers } from './balancers.ts'
import { translateError } from './translateError.ts'
import { findFiles, type SourceFile } from './csv/files.ts'
import { createPlan } from './plan.ts'
import { silent, type Progress } from './progress.ts'
import { createRejectFile } from './report/rejects.ts'
import { build } from './build/phases.ts'
import { reportFiles, writeRejects, type ImportReport } from './report/report.ts'
import { applicationName, lockImport, openCheckpoint } from './build/checkpoint.ts'

export type ImportOptions = {
  /** The file for the rejects; by default one named after the time, in the data folder. */
  readonly rejects?: string | undefined
  /** The import fails if there are more rejects. */
  readonly maxRejects?: number | undefined
  /** Replaces the whole data set; otherwise live rows that are in no file are carried over. */
  readonly isFresh?: boolean | undefined
  readonly progress?: Progress | undefined
  /** The admin addresses of balancers whose caches are invalidated when the import is live. */
  readonly balancers?: readonly string[] | undefined
  /** The bytes of a file that are loaded in one transaction; 32 MiB by default. */
  readonly batchBytes?: number | undefined
  /** Worker threads read the files if these are larger in total; 16 MiB by default, as starting threads takes time. */
  readonly threadsAbove?: number | undefined
}

/** Imports the CSV files of a folder into a migrated database: all of them at once, or none. */
export const importFolder = async (url: string, folder: string, options: ImportOptions = {}): Promise<ImportReport> =>
  importFiles(url, folder, await findFiles(folder), options)

/**
 * Imports files of a folder. New tables are built beside the live ones, and replace them at the end; an interrupted
 * import of the same files is resumed. A `UserError` says what was wrong and how to fix it.
 */
export const importFiles = async (
  url: string,
  folder: string,
  files: readonly SourceFile[],
  options: ImportOptions = {},
): Promise<ImportReport> => {
  const { rejects: path = defaultRejectsPath(), progress = silent, isFresh = false } = options
  const { batchBytes = 32 << 20, threadsAbove = 16 << 20, maxRejects = Infinity } = options
  refusePgBouncer(url, 'An import')
  const start = performance.now()
  const plan = createPlan(folder, files, isFresh)
  const connection = { application_name: applicationName, statement_timeout: 0 }
  // One connection holds the lock and reads live rows; the others build.
  const live = client(url, { max: 1, max_lifetime: null, connection })
  const builders = Array.from({ length: parallelism }, () => connectBuilder(url))
  const rejects = createRejectFile(path)
  try {
    await lockImport(live)
    const checkpoint = await openCheckpoint(live, plan)
    progress.begin(files, checkpoint.isResumed)
    const { startedAt } = checkpoint
    const phases = checkpoint.isSwapped
      ? {}
      : await build({ url, live, builders, plan, startedAt, batchBytes, threadsAbove, maxRejects, progress })
    const [wal] = await live<{ position: string }[]>`select pg_current_wal_insert_lsn()::text as position`
    await invalidateAnswers(options.balancers ?? [], wal?.position ?? '')
    await writeRejects(live, plan, rejects)
    const reports = await reportFiles(live, plan)
    await live`drop schema if exists retired cascade`
    await live`drop schema staging cascade`
    const seconds = (performance.now() - start) / 1000
    return { files: reports, phases, seconds, rejects: rejects.path }
  } catch (error) {
    // The rejects so far help to correct the files.
    if (error instanceof UserError) await writeRejects(live, plan, rejects).catch(() => {})
    throw translateError(error)
  } finally {
    progress.stop()
    await rejects.close()
    await Promise.all([live, ...builders].map((sql) => sql.end({ timeout: 0 })))
  }
}

/** The path of a file in the data folder, named after the time. */
export const defaultRejectsPath = (): string =>
  join(dataFolder(), 'rejects', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.csv`)
