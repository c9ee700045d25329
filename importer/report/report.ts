import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import type { Reject, RejectFile } from './rejects.ts'

/** The numbers of a file's rows; each that was read is either loaded or rejected. */
export type FileReport = {
  readonly file: string
  readonly table: string
  readonly read: number
  readonly loaded: number
  readonly rejected: number
  /** The loaded or rejected rows whose missing closing quote was added; `repairs` has the lines of the first ones. */
  readonly repaired: number
  readonly repairs: readonly number[]
  readonly seconds: number
}

export const maxShownRepairs = 10

/** The result of an import: its files, the seconds of each phase and in total, and the path of the rejects, if any. */
export type ImportReport = {
  readonly files: readonly FileReport[]
  readonly phases: Readonly<Record<string, number>>
  readonly seconds: number
  readonly rejects: string | undefined
}

/** The reports of files, also while they are being loaded. */
export const reportFiles = async (sql: Sql, { files }: Plan): Promise<FileReport[]> => {
  const rows = await sql<(Omit<FileReport, 'file' | 'table' | 'repairs'> & { name: string; repairs: string })[]>`
    select name, read, staged as loaded, rejected, repaired, array_to_json(repairs)::text as repairs, seconds
    from staging.files`
  return files.flatMap(({ name, table }) =>
    rows
      .filter((row) => row.name === name)
      .map(({ name: file, repairs, ...row }) => ({ ...row, file, table: table.name, repairs: JSON.parse(repairs) })),
  )
}

/** Throws unless each table has exactly the rows that were sent to it. */
export const assertRowCounts = async (sql: Sql, plan: Plan): Promise<void> => {
  const reports = await reportFiles(sql, plan)
  for (const { name } of plan.tables) {
    const sent = reports.filter(({ table }) => table === name).reduce((sum, { loaded }) => sum + loaded, 0)
    const [built] = await sql.unsafe<{ count: number }[]>(`select count(*)::int as count from staging.${name}`)
    if (built?.count !== sent) throw new Error(`${sent} rows of ${name} were sent, and ${built?.count} arrived.`)
  }
}

/** Writes the rejects, ordered by file and line. */
export const writeRejects = async (sql: Sql, { files }: Plan, rejects: RejectFile): Promise<void> => {
  for (const { name } of files) {
    const rows = sql<Omit<Reject, 'file'>[]>`
      select line, "column", value, reason from staging.rejects where file = ${name} order by line`
    for await (const some of rows.cursor(1000)) await rejects.write(some.map((row) => ({ file: name, ...row })))
  }
}
