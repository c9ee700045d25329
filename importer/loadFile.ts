import { createReadStream, type ReadStream } from 'node:fs'
import { client, type Sql } from '../db/connect.ts'
import { isRefusal, type Value } from './columns.ts'
import { copy } from './copy.ts'
import type { SourceFile } from './files.ts'
import { createIncoming, merge, namesOf } from './merge.ts'
import type { Progress } from './progress.ts'
import { readRecords, type Row } from './records.ts'
import type { Reject, RejectFile } from './rejects.ts'
import { columnsOf } from './table.ts'

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

type Counts = { read: number; sent: number; repaired: number; repairs: number[] }

const shownRepairs = 10

/** Loads a file into its table, whole or not at all, and writes the rows that it rejects. */
export const loadFile = async (
  url: string,
  file: SourceFile,
  rejects: RejectFile,
  progress: Progress,
): Promise<FileReport> => {
  const start = performance.now()
  const counts: Counts = { read: 0, sent: 0, repaired: 0, repairs: [] }
  progress.start(file.name, file.bytes)
  // A client of its own: COPY and the temporary tables need one connection, which lives as long as the file takes, and
  // which a failed COPY leaves unusable.
  const sql = client(url, { max: 1, max_lifetime: null })
  try {
    await sql`set statement_timeout = 0`
    await createIncoming(sql, file.table)
    await copy(sql, `incoming (line, ${namesOf(file.table).join(', ')})`, valuesOf(file, counts, rejects, progress))
    await mustHaveArrived(sql, file, counts.sent)
    progress.merge()
    await merge(sql, file.table)
    const setAside = await writeSetAside(sql, file.name, rejects)
    const loaded = counts.sent - setAside
    const { read, repaired, repairs } = counts
    const seconds = (performance.now() - start) / 1000
    const report = {
      file: file.name,
      table: file.table.name,
      read,
      loaded,
      rejected: read - loaded,
      repaired,
      repairs,
      seconds,
    }
    progress.finish(report)
    return report
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The rows of a file that can be loaded, each with its line; the others are rejected. */
async function* valuesOf(
  file: SourceFile,
  counts: Counts,
  rejects: RejectFile,
  progress: Progress,
): AsyncGenerator<Value[][]> {
  const convert = converter(file)
  const stream: ReadStream = createReadStream(file.path, { encoding: 'utf8', highWaterMark: 1 << 18 })
  for await (const { rows, broken } of readRecords(stream, file.header)) {
    const refused: Reject[] = broken.map(({ line, text, reason }) => ({
      file: file.name,
      line,
      column: '',
      value: text,
      reason,
    }))
    const values: Value[][] = []
    for (const row of rows) {
      const result = convert(row)
      if (Array.isArray(result)) values.push(result)
      else refused.push(result)
      if (row.isRepaired && counts.repairs.push(row.line) > shownRepairs) counts.repairs.pop()
      if (row.isRepaired) counts.repaired += 1
    }
    await rejects.write(refused.toSorted((a, b) => a.line - b.line))
    counts.read += rows.length + broken.length
    counts.sent += values.length
    progress.read(stream.bytesRead, counts.read)
    yield values
  }
}

const converter = ({ name: file, header, table }: SourceFile): ((row: Row) => Value[] | Reject) => {
  const columns = columnsOf(table).map((column) => ({ ...column, index: header.columns.indexOf(column.inFile) }))
  return ({ line, cells }) => {
    const values: Value[] = [String(line)]
    for (const { inFile, index, read } of columns) {
      const value = cells[index] ?? ''
      const result = read(value)
      if (isRefusal(result)) return { file, line, column: inFile, value, reason: result.reason }
      values.push(result)
    }
    return values
  }
}

const mustHaveArrived = async (sql: Sql, { name }: SourceFile, sent: number): Promise<void> => {
  const [arrived] = await sql<{ count: number }[]>`select count(*)::int as count from incoming`
  if (arrived?.count !== sent) throw new Error(`Of ${name}, ${sent} rows were sent, and ${arrived?.count} arrived.`)
}

/** Rejects what the merge has set aside, and returns how many rows that were. */
const writeSetAside = async (sql: Sql, file: string, rejects: RejectFile): Promise<number> => {
  let written = 0
  for await (const rows of sql<Omit<Reject, 'file'>[]>`select * from set_aside order by line`.cursor(1000)) {
    await rejects.write(rows.map((row) => ({ file, ...row })))
    written += rows.length
  }
  return written
}
