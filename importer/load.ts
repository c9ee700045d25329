import { join } from 'node:path'
import { client } from '../db/connect.ts'
import { dataFolder } from '../db/folder.ts'
import { findFiles, type SourceFile } from './files.ts'
import { loadFile, type FileReport } from './loadFile.ts'
import { silent, type Progress } from './progress.ts'
import { rejectFile } from './rejects.ts'

/** What became of every file, and where the rejects are written, if there are any. */
export type ImportReport = { readonly files: readonly FileReport[]; readonly rejects: string | undefined }

export type ImportOptions = {
  /** The file for the rejects; one named after the time, in the data folder, if left out. */
  readonly rejects?: string | undefined
  /** Nothing is told if left out. */
  readonly progress?: Progress
}

/** Imports what a folder holds of the 14 CSV files into the migrated database of a URL, each file whole or not at all. */
export const importFolder = async (url: string, folder: string, options: ImportOptions = {}): Promise<ImportReport> =>
  importFiles(url, await findFiles(folder), options)

/** Imports files in the order given. */
export const importFiles = async (
  url: string,
  files: readonly SourceFile[],
  { rejects: path = defaultRejects(), progress = silent }: ImportOptions = {},
): Promise<ImportReport> => {
  const rejects = rejectFile(path)
  const reports: FileReport[] = []
  try {
    for (const file of files) reports.push(await loadFile(url, file, rejects, progress))
    await rebuild(url, files, progress)
    return { files: reports, rejects: rejects.path }
  } finally {
    progress.stop()
    await rejects.close()
  }
}

/** Makes anew what is kept ready of the rows of files, once all of them are there. */
const rebuild = async (url: string, files: readonly SourceFile[], progress: Progress): Promise<void> => {
  const procedures = new Set(files.flatMap(({ table }) => table.rebuild ?? []))
  if (procedures.size === 0) return
  progress.rebuild()
  const sql = client(url, { max: 1, connection: { statement_timeout: 0 } })
  try {
    for (const procedure of procedures) await sql.unsafe(`call ${procedure}()`)
    await sql`analyze review_totals, product_documents, style_documents`
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const defaultRejects = (): string =>
  join(dataFolder(), 'rejects', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.csv`)
