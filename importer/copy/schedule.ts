import type { Sql } from '../../db/client.ts'
import { parallelism } from '../build/builders.ts'
import { ParentIndex, type SharedIndex } from '../csv/parents.ts'
import type { LoadTask, ReadProgress } from './loadTable.ts'
import type { Plan } from '../plan.ts'
import { reportFiles, type FileReport } from '../report/report.ts'
import { keyOf, type Table } from '../tables/table.ts'
import { childrenOf } from '../tables/index.ts'
import { currentThread, startThread } from './threads.ts'

type ScheduleOptions = Pick<LoadTask, 'url' | 'startedAt' | 'batchBytes'> & {
  readonly threadsAbove: number
  readonly onProgress: (progress: ReadProgress) => void
  readonly onLoaded: (report: FileReport) => void
}

/** Loads the files of a plan into `staging`, several tables at once if they are large; a table follows its parents. */
export const loadTables = async (live: Sql, plan: Plan, options: ScheduleOptions): Promise<void> => {
  const { onProgress, onLoaded, threadsAbove, ...common } = options
  const countBytes = (table: Table): number =>
    plan.files.filter((file) => file.table === table).reduce((sum, { bytes }) => sum + bytes, 0)
  // The bytes of the longest chain of tables that begins with this one.
  const priority = (table: Table): number =>
    countBytes(table) + Math.max(0, ...childrenOf(table).map((child) => priority(child)))

  const indexes = new Map<string, SharedIndex>()
  const getIndex = async (table: Table): Promise<SharedIndex> => {
    const index = indexes.get(table.name) ?? (await indexLiveRows(live, table, plan))
    indexes.set(table.name, index)
    return index
  }
  const waiting = plan.tables.filter((table) => countBytes(table) > 0).toSorted((a, b) => priority(b) - priority(a))
  const unloaded = new Set(waiting)
  const isLarge = plan.files.reduce((sum, { bytes }) => sum + bytes, 0) > threadsAbove
  const threads = isLarge ? Array.from({ length: parallelism }, startThread) : [currentThread]

  // Also blocked by grandparents: rows of a parent without a file take the product of theirs.
  const isBlocked = ({ parents }: Table): boolean => parents.some((parent) => unloaded.has(parent) || isBlocked(parent))
  const takeNext = (): Table | undefined => {
    const index = waiting.findIndex((table) => !isBlocked(table))
    return index === -1 ? undefined : waiting.splice(index, 1)[0]
  }
  let wake: () => void = () => {}
  let change = new Promise<void>((resolve) => (wake = resolve))
  const wakeAll = () => {
    wake()
    change = new Promise<void>((resolve) => (wake = resolve))
  }

  try {
    await Promise.all(
      threads.map(async (thread) => {
        while (waiting.length > 0) {
          const table = takeNext()
          if (!table) {
            await change
            continue
          }
          const parents: Record<string, SharedIndex> = {}
          for (const parent of table.parents) parents[parent.name] = await getIndex(parent)
          const liveRows = childrenOf(table).length > 0 ? await getIndex(table) : undefined
          const files = plan.files.filter((file) => file.table === table)
          const transferable = files.map((file) => ({ ...file, table: table.name }))
          const task = { ...common, table: table.name, files: transferable, parents, liveRows }
          const index = await thread.load(task, onProgress)
          if (index) indexes.set(table.name, index)
          for (const report of await reportFiles(live, { ...plan, files })) onLoaded(report)
          unloaded.delete(table)
          wakeAll()
        }
      }),
    )
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

/** An index of the live rows that are carried over, with the products that they will have; empty for a fresh import. */
const indexLiveRows = async (live: Sql, table: Table, { isFresh, tables }: Plan): Promise<SharedIndex> => {
  const index = new ParentIndex()
  if (!isFresh) {
    const { name, owner } = table
    const follows = owner !== undefined && tables.includes(owner)
    const rows = live.unsafe<{ id: number; product: number }[]>(`
      select ${keyOf(table)} as id, ${follows ? 'coalesce(built.product_id, live.product_id)' : 'product_id'} as product
      from public.${name} live ${follows ? `left join staging.${owner.name} built using (${keyOf(owner)})` : ''}`)
    for await (const some of rows.cursor(10_000)) for (const { id, product } of some) index.set(id, product)
  }
  return index.shared
}
