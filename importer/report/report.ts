import type { Sql } from '../../db/client.ts'
import type { Plan } from '../plan.ts'
import type { Reject, RejectFile } from './rejects.ts'

/** What became of a file's rows: each that was read is either loaded or rejected. */
export type FileReport = {
  readonly file: string
  readonly table: string
  readonly read: number
  readonly loaded: number
  readonly rejected: number
  /** Rows among those read that lacked a closing quote, which was added; `repairs` are the lines of the first ones. */
  readonly repaired: number
  readonly repairs: readonly number[]
  readonly seconds: number
}

/** So many lines of repaired rows are named. */
export const shownRepairs = 10

/** What became of every file, how long each phase took in seconds, and where the rejects are written, if there are any. */
export type ImportReport = {
  readonly files: readonly FileReport[]
  readonly phases: Readonly<Record<string, number>>
  readonly seconds: number
  readonly rejects: string | undefined
}

/** What became of the files so far. */
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

/** Fails unless each table holds the rows that were sent to it, and no others. */
export const mustHaveArrived = async (sql: Sql, plan: Plan): Promise<void> => {
  const reports = await reportFiles(sql, plan)
  for (const { name } of plan.tables) {
    const sent = reports.filter(({ table }) => table === name).reduce((sum, { loaded }) => sum + loaded, 0)
    const [arrived] = await sql.unsafe<{ count: number }[]>(`select count(*)::int as count from staging.${name}`)
    if (arrived?.count !== sent) throw new Error(`${sent} rows of ${name} were sent, and ${arrived?.count} arrived.`)
  }
}

/** Writes the rejects in the order of the files and of their lines. */
export const writeRejects = async (sql: Sql, { files }: Plan, rejects: RejectFile): Promise<void> => {
  for (const { name } of files) {
    const rows = sql<Omit<Reject, 'file'>[]>`
      select line, "column", value, reason from staging.rejects where file = ${name} order by line`
    for await (const some of rows.cursor(1000)) await rejects.write(some.map((row) => ({ file: name, ...row })))
  }
}
