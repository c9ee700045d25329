import type { Sql } from '../../db/client.ts'
import type { CheckedBatch } from '../csv/read.ts'
import { truncateReject, type Reject } from '../report/rejects.ts'
import { maxShownRepairs } from '../report/report.ts'

/** The progress of a file, as a row of `staging.files`: an interrupted import resumes at `line`. */
export type FileState = {
  line: number
  is_done: boolean
  read: number
  staged: number
  rejected: number
  repaired: number
  repairs: number[]
  seconds: number
}

/** The states of files, by name. */
export const readFileStates = async (
  sql: Sql,
  files: readonly { readonly name: string }[],
): Promise<Map<string, FileState>> => {
  const names = new Set(files.map(({ name }) => name))
  const rows = await sql<(FileState & { name: string })[]>`
    select *, array_to_json(repairs) as repairs from staging.files`
  return new Map(
    rows
      .filter(({ name }) => names.has(name))
      .map((row) => [row.name, { ...row, repairs: JSON.parse(String(row.repairs)) as number[] }]),
  )
}

/** Adds a batch to the state of its file. */
export const addBatch = (state: FileState, { rows, rejects, repairs, nextLine }: CheckedBatch): void => {
  state.line = nextLine
  state.read += rows.length + rejects.length
  state.staged += rows.length
  state.rejected += rejects.length
  state.repaired += repairs.length
  state.repairs = [...state.repairs, ...repairs].slice(0, maxShownRepairs)
}

/** Saves the state of a file and its new rejects, in the transaction that stages the rows. */
export const saveFileState = async (
  sql: Sql,
  name: string,
  state: FileState,
  rejects: readonly Reject[],
): Promise<void> => {
  const { line, is_done, read, staged, rejected, repaired, repairs, seconds } = state
  await sql`
    update staging.files set line = ${line}, is_done = ${is_done}, read = ${read}, staged = ${staged},
      rejected = ${rejected}, repaired = ${repaired}, repairs = ${`{${repairs.join()}}`}::int[], seconds = ${seconds}
    where name = ${name}`
  if (rejects.length > 0)
    await sql`
      insert into staging.rejects (file, line, "column", value, reason)
      select file, line, "column", value, reason
      from json_to_recordset(${JSON.stringify(rejects.map(truncateReject))}::json)
        as reject(file text, line int, "column" text, value text, reason text)`
}
