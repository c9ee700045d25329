import type { RowContext } from './csv/check.ts'
import type { SourceFile } from './csv/files.ts'
import { IdSet, ParentIndex } from './csv/parents.ts'
import { defaultRejects, type ImportOptions } from './load.ts'
import { silent } from './progress.ts'
import { readParts } from './csv/read.ts'
import { rejectFile, tooManyRejects, type RejectFile } from './report/rejects.ts'
import { shownRepairs, type FileReport, type ImportReport } from './report/report.ts'
import { childrenOf } from './tables/index.ts'

/** Reads and checks files as an import does, without a database: rows whose parents are in none of the files pass. */
export const dryRun = async (files: readonly SourceFile[], options: ImportOptions = {}): Promise<ImportReport> => {
  const { rejects: path = defaultRejects(), maxRejects = Infinity, progress = silent } = options
  const started = performance.now()
  const rejects = rejectFile(path)
  const parents = new Map<string, ParentIndex>()
  const seen = new Map<string, IdSet>()
  const reports: FileReport[] = []
  progress.begin(files, false)
  try {
    for (const file of files) {
      const { name } = file.table
      const own = childrenOf(file.table).length > 0 ? (parents.get(name) ?? new ParentIndex()) : undefined
      const ids = seen.get(name) ?? new IdSet()
      seen.set(name, ids)
      const report = await check(file, { parents, own, seen: ids, moment: '' }, rejects, options)
      if (own) parents.set(name, own)
      reports.push(report)
      progress.loaded(report)
      if (reports.reduce((sum, { rejected }) => sum + rejected, 0) > maxRejects) throw tooManyRejects(maxRejects)
    }
    const seconds = (performance.now() - started) / 1000
    return { files: reports, phases: {}, seconds, rejects: rejects.path }
  } finally {
    progress.stop()
    await rejects.close()
  }
}

const check = async (
  file: SourceFile,
  context: RowContext,
  rejects: RejectFile,
  { progress = silent }: ImportOptions,
): Promise<FileReport> => {
  const start = performance.now()
  const report = { file: file.name, table: file.table.name, read: 0, loaded: 0, rejected: 0, repaired: 0 }
  const repairs: number[] = []
  for await (const part of readParts(file, context)) {
    await rejects.write(part.rejects)
    report.read += part.rows.length + part.rejects.length
    report.loaded += part.rows.length
    report.rejected += part.rejects.length
    report.repaired += part.repairs.length
    repairs.push(...part.repairs.slice(0, shownRepairs - repairs.length))
    progress.read({ file: file.name, bytes: part.bytesRead, rows: report.read, rejected: report.rejected })
  }
  return { ...report, repairs, seconds: (performance.now() - start) / 1000 }
}
