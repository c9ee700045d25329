import { UserError } from '../../db/commandLine.ts'
import type { Sql } from '../../db/client.ts'
import { builder } from '../build/builders.ts'
import type { RowContext } from '../csv/check.ts'
import { copy } from './stream.ts'
import { translateError } from '../translateError.ts'
import type { SourceFile } from '../csv/files.ts'
import { IdSet, ParentIndex, type SharedIds } from '../csv/parents.ts'
import { readParts, type Part } from '../csv/read.ts'
import { shownRepairs } from '../report/report.ts'
import { shortened, type Reject } from '../report/rejects.ts'
import { filledColumns, keyOf, type Table } from '../tables/table.ts'
import { childrenOf, tableOf } from '../tables/index.ts'
import { chunkBytes } from '../csv/chunks.ts'

/** A file as another thread can be told of it: with the name of its table. */
export type NamedFile = Omit<SourceFile, 'table'> & { readonly table: string }

/** What it takes to load the files of one table. */
export type Task = {
  readonly url: string
  readonly table: string
  readonly files: readonly NamedFile[]
  readonly parents: Readonly<Record<string, SharedIds>>
  /** The live rows that stay, if children may name them. */
  readonly own?: SharedIds | undefined
  readonly moment: string
  /** So much of a file is sent in one transaction: what an import that is killed has to do again. */
  readonly batchBytes: number
}

/** How far a file is read, in bytes and in rows, and how many of those were rejected. */
export type ReadProgress = {
  readonly file: string
  readonly bytes: number
  readonly rows: number
  readonly rejected: number
}

type State = {
  line: number
  is_done: boolean
  read: number
  staged: number
  rejected: number
  repaired: number
  repairs: number[]
  seconds: number
}

/** Loads what is left of the files of a table, and returns its rows if it has children. */
export const loadTable = async (task: Task, tell: (reading: ReadProgress) => void): Promise<SharedIds | undefined> => {
  // What waits for a connection that was lost between two statements is not always told of it by postgres.js.
  let lose = (): void => {}
  const lost = new Promise<never>((_resolve, reject) => {
    lose = () => reject(Object.assign(new Error('The connection was closed.'), { code: 'CONNECTION_CLOSED' }))
  })
  lost.catch(() => {})
  const sql = builder(task.url, () => lose())
  try {
    return await Promise.race([loadFiles(sql, task, tell), lost])
  } finally {
    await sql.end({ timeout: 0 })
  }
}

const loadFiles = async (
  sql: Sql,
  task: Task,
  tell: (reading: ReadProgress) => void,
): Promise<SharedIds | undefined> => {
  const table = tableOf(task.table)
  const context: RowContext = {
    parents: new Map(Object.entries(task.parents).map(([name, shared]) => [name, new ParentIndex(shared)])),
    own: childrenOf(table).length > 0 ? new ParentIndex(task.own) : undefined,
    seen: new IdSet(),
    moment: task.moment,
  }
  const states = await statesOf(sql, task.files)
  if ([...states.values()].some(({ staged }) => staged > 0)) await recall(sql, table, context)
  for (const file of task.files) {
    const state = states.get(file.name)
    if (state && !state.is_done) await loadFile(sql, { ...file, table }, context, state, task.batchBytes, tell)
  }
  return context.own?.shared
}

const statesOf = async (sql: Sql, files: readonly NamedFile[]): Promise<Map<string, State>> => {
  const rows = await sql<(State & { name: string })[]>`select *, array_to_json(repairs) as repairs from staging.files`
  const named = new Set(files.map(({ name }) => name))
  const own = rows.filter(({ name }) => named.has(name))
  return new Map(own.map((state) => [state.name, { ...state, repairs: JSON.parse(String(state.repairs)) as number[] }]))
}

/** Learns of the rows that are loaded already. */
const recall = async (sql: Sql, table: Table, { own, seen }: RowContext): Promise<void> => {
  const key = keyOf(table)
  const rows = sql.unsafe<{ id: number; product: number }[]>(
    `select ${key} as id, ${own ? 'product_id' : '0'} as product from staging.${table.name}`,
  )
  for await (const some of rows.cursor(10_000)) {
    for (const { id, product } of some) {
      seen.add(id)
      own?.set(id, product)
    }
  }
}

const loadFile = async (
  sql: Sql,
  file: SourceFile,
  context: RowContext,
  state: State,
  batchBytes: number,
  tell: (reading: ReadProgress) => void,
): Promise<void> => {
  const parts = readParts(file, context, state.line, Math.min(batchBytes, chunkBytes))
  const target = `staging.${file.table.name} (${filledColumns(file.table).join(', ')})`
  let start = performance.now()
  let bytesBefore = 0
  while (!state.is_done) {
    const lines: (readonly number[])[] = []
    const rejects: Reject[] = []
    const take = async function* (): AsyncGenerator<Part['rows']> {
      for (;;) {
        const { value: part } = await parts.next()
        state.is_done = !part
        if (!part) return
        add(state, part)
        rejects.push(...part.rejects)
        lines.push(part.lines)
        tell({ file: file.name, bytes: part.bytesRead, rows: state.read, rejected: state.rejected })
        yield part.rows
        if (part.bytesRead - bytesBefore < batchBytes) continue
        bytesBefore = part.bytesRead
        return
      }
    }
    await sql`begin`
    await copy(sql, target, take()).catch((error: unknown) => {
      throw refused(error, file, lines.flat())
    })
    state.seconds += (performance.now() - start) / 1000
    start = performance.now()
    await save(sql, file.name, state, rejects)
    await sql`commit`
  }
}

const add = (state: State, { rows, rejects, repairs, next }: Part): void => {
  state.line = next
  state.read += rows.length + rejects.length
  state.staged += rows.length
  state.rejected += rejects.length
  state.repaired += repairs.length
  state.repairs = [...state.repairs, ...repairs].slice(0, shownRepairs)
}

const save = async (sql: Sql, name: string, state: State, rejects: readonly Reject[]): Promise<void> => {
  const { line, is_done, read, staged, rejected, repaired, repairs, seconds } = state
  await sql`
    update staging.files set line = ${line}, is_done = ${is_done}, read = ${read}, staged = ${staged},
      rejected = ${rejected}, repaired = ${repaired}, repairs = ${`{${repairs.join()}}`}::int[], seconds = ${seconds}
    where name = ${name}`
  if (rejects.length > 0)
    await sql`
      insert into staging.rejects (file, line, "column", value, reason)
      select file, line, "column", value, reason
      from json_to_recordset(${JSON.stringify(rejects.map(shortened))}::json) as reject(file text, line int, "column" text, value text, reason text)`
}

/** Names the line of the file for the row that the server refused, as the server counts from the start of a COPY. */
const refused = (error: unknown, { path }: SourceFile, lines: readonly number[]): unknown => {
  // No row is at fault when the server is, as when its disk is full.
  const explained = translateError(error)
  if (explained !== error) return explained
  const { message, where = '' } = error as Error & { where?: string }
  const [, row, column] = /^COPY \w+, line (\d+)(?:, column (\w+))?/.exec(where) ?? []
  const line = lines[Number(row) - 1]
  if (line === undefined) return error
  return new UserError(`PostgreSQL refuses line ${line} of ${path}${column ? ` (${column})` : ''}: ${message}.`)
}
