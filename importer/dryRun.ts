import type { RowContext } from './csv/check.ts'
import type { SourceFile } from './csv/files.ts'
import { IdSet, ParentIndex } from './csv/parents.ts'
import { defaultRejectsPath, type ImportOptions } from './load.ts'
import { silent } from './progress.ts'
import { readBatches } from './csv/read.ts'
import { createRejectFile, tooManyRejects, type RejectFile } from './report/rejects.ts'
import { maxShownRepairs, type FileReport, type ImportReport } from './report/report.ts'
import { childrenOf } from './tables/index.ts'

/** Reads and checks files as an import does, without a database: parents without a file are assumed to exist. */
export const dryRun = async (files: readonly SourceFile[], options: ImportOptions = {}): Promise<ImportReport> => {
  const { rejects: path = defaultRejectsPath(), maxRejects = Infinity, progress = silent } = options
  const start = performance.now()
  const rejects = createRejectFile(path)
  const parents = new Map<string, ParentIndex>()
  const ids = new Map<string, IdSet>()
  const reports: FileReport[] = []
  progress.begin(files, false)
  try {
    for (const file of files) {
      const { name } = file.table
      const index = childrenOf(file.table).length > 0 ? (parents.get(name) ?? new ParentIndex()) : undefined
      const tableIds = ids.get(name) ?? new IdSet()
      ids.set(name, tableIds)
      const report = await checkFile(file, { parents, index, ids: tableIds, startedAt: '' }, rejects, options)
      if (index) parents.set(name, index)
      reports.push(report)
      progress.loaded(report)
      if (reports.reduce((sum, { rejected }) => sum + rejected, 0) > maxRejects) throw tooManyRejects(maxRejects)
    }
    const seconds = (performance.now() - start) / 1000
    return { files: reports, phases: {}, seconds, rejects: rejects.path }
  } finally {
    progress.stop()
    await rejects.close()
  }
}

const checkFile = async (
  file: SourceFile,
  context: RowContext,
  rejects: RejectFile,
  { progress = silent }: ImportOptions,
): Promise<FileReport> => {
  const start = performance.now()
  const report = { file: file.name, table: file.table.name, read: 0, loaded: 0, rejected: 0, repaired: 0 }
  const repairs: number[] = []
  for await (const batch of readBatches(file, context)) {
    await rejects.write(batch.rejects)
    report.read += batch.rows.length + batch.rejects.length
    report.loaded += batch.rows.length
    report.rejected += batch.rejects.length
    report.repaired += batch.repairs.length
    repairs.push(...batch.repairs.slice(0, maxShownRepairs - repairs.length))
    progress.read({ file: file.name, bytes: batch.bytesRead, rows: report.read, rejected: report.rejected })
  }
  return { ...report, repairs, seconds: (performance.now() - start) / 1000 }
}
