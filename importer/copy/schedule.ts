import type { Sql } from '../../db/client.ts'
import { atOnce } from '../build/builders.ts'
import { ParentIndex, type SharedIds } from '../csv/parents.ts'
import type { ReadProgress, Task } from './loadTable.ts'
import type { Plan } from '../plan.ts'
import { reportFiles, type FileReport } from '../report/report.ts'
import { keyOf, type Table } from '../tables/table.ts'
import { childrenOf } from '../tables/index.ts'
import { startThread, thisThread } from './threads.ts'

type Options = Pick<Task, 'url' | 'moment' | 'batchBytes'> & {
  readonly threadsAbove: number
  readonly tell: (reading: ReadProgress) => void
  readonly loaded: (report: FileReport) => void
}

/** Loads the files of a plan into `staging`, as many tables at once as pays; a table waits for its parents. */
export const loadTables = async (live: Sql, plan: Plan, options: Options): Promise<void> => {
  const { tell, loaded, threadsAbove, ...common } = options
  const bytesOf = (table: Table): number =>
    plan.files.filter((file) => file.table === table).reduce((sum, { bytes }) => sum + bytes, 0)
  // What most waits for goes first.
  const urgency = (table: Table): number =>
    bytesOf(table) + Math.max(0, ...childrenOf(table).map((child) => urgency(child)))

  const rows = new Map<string, SharedIds>()
  const parentIndexOf = async (table: Table): Promise<SharedIds> => {
    const known = rows.get(table.name) ?? (await readParentIndex(live, table, plan))
    rows.set(table.name, known)
    return known
  }
  const waiting = plan.tables.filter((table) => bytesOf(table) > 0).toSorted((a, b) => urgency(b) - urgency(a))
  const unloaded = new Set(waiting)
  const isLarge = plan.files.reduce((sum, { bytes }) => sum + bytes, 0) > threadsAbove
  const threads = isLarge ? Array.from({ length: atOnce }, startThread) : [thisThread]

  // The rows of parents that no file has follow those of theirs.
  const waits = ({ parents }: Table): boolean => parents.some((parent) => unloaded.has(parent) || waits(parent))
  const next = (): Table | undefined => {
    const index = waiting.findIndex((table) => !waits(table))
    return index === -1 ? undefined : waiting.splice(index, 1)[0]
  }
  let wake: () => void = () => {}
  let change = new Promise<void>((resolve) => (wake = resolve))
  const tellOthers = () => {
    wake()
    change = new Promise<void>((resolve) => (wake = resolve))
  }

  try {
    await Promise.all(
      threads.map(async (thread) => {
        while (waiting.length > 0) {
          const table = next()
          if (!table) {
            await change
            continue
          }
          const parents: Record<string, SharedIds> = {}
          for (const parent of table.parents) parents[parent.name] = await parentIndexOf(parent)
          const own = childrenOf(table).length > 0 ? await parentIndexOf(table) : undefined
          const files = plan.files.filter((file) => file.table === table)
          const named = files.map((file) => ({ ...file, table: table.name }))
          const found = await thread.load({ ...common, table: table.name, files: named, parents, own }, tell)
          if (found) rows.set(table.name, found)
          for (const report of await reportFiles(live, { ...plan, files })) loaded(report)
          unloaded.delete(table)
          tellOthers()
        }
      }),
    )
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

/** The live rows that stay, with the products that they will have. */
const readParentIndex = async (live: Sql, table: Table, { isFresh, tables }: Plan): Promise<SharedIds> => {
  const owners = new ParentIndex()
  if (!isFresh) {
    const { name, owner } = table
    const follows = owner !== undefined && tables.includes(owner)
    const rows = live.unsafe<{ id: number; product: number }[]>(`
      select ${keyOf(table)} as id, ${follows ? 'coalesce(built.product_id, live.product_id)' : 'product_id'} as product
      from public.${name} live ${follows ? `left join staging.${owner.name} built using (${keyOf(owner)})` : ''}`)
    for await (const some of rows.cursor(10_000)) for (const { id, product } of some) owners.set(id, product)
  }
  return owners.shared
}
