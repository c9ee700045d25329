import type { Sql } from '../../db/client.ts'
import { photoSteps } from './photos.ts'
import { runSteps } from './builders.ts'
import { carryOverSteps } from './carryOver.ts'
import type { ReadProgress } from '../copy/loadTable.ts'
import { loadTables } from '../copy/schedule.ts'
import { tableNames, type Plan } from '../plan.ts'
import type { Phase, Progress } from '../progress.ts'
import { tooManyRejects } from '../report/rejects.ts'
import { assertRowCounts, reportFiles } from '../report/report.ts'
import { cloneIndexSteps, cloneReferenceSteps, cloneViewSteps, type Step } from './cloneTables.ts'
import { moderationSteps } from './moderation.ts'
import { captureChanges, swap } from './swap.ts'
import type { DerivedTable } from '../tables/index.ts'

type BuildOptions = {
  readonly url: string
  readonly live: Sql
  readonly builders: readonly Sql[]
  readonly plan: Plan
  readonly startedAt: string
  readonly batchBytes: number
  readonly threadsAbove: number
  readonly maxRejects: number
  readonly progress: Progress
}

/** Runs the phases of an import, from where it was interrupted. Returns the seconds of each. */
export const build = async (options: BuildOptions): Promise<Record<string, number>> => {
  const { live, builders, plan, progress } = options
  const [first] = builders as [Sql]
  const seconds: Record<string, number> = {}
  type RunSteps = (by: readonly Sql[], steps: readonly Step[]) => Promise<void>
  const phase = async (name: Phase, task: (run: RunSteps) => Promise<void>): Promise<void> => {
    const start = performance.now()
    progress.phase(name, 0, 0)
    await task((by, steps) => runSteps(by, steps, (done) => progress.phase(name, done, steps.length)))
    seconds[name] = (performance.now() - start) / 1000
  }

  const tables = plan.tables.map(({ name }) => name)
  const derived = plan.derived.map(({ name }) => name)
  await phase('loading rows', async () => {
    await load(options)
    await runSteps([first], await moderationSteps(live, plan))
  })
  if (!plan.isFresh)
    await phase('carrying over live rows', async (run) => {
      await captureChanges(first, plan)
      await run([first], await carryOverSteps(live, plan))
    })
  await phase('putting photos into rows', async (run) => {
    await run([first], await cloneViewSteps(live, tableNames(plan)))
    await run(builders, await photoSteps(live, plan))
  })
  await phase('building indexes', async (run) => run(builders, await cloneIndexSteps(live, tables)))
  await phase('building derived tables', async (run) => {
    await run(builders, await Promise.all(plan.derived.map((table) => fillStep(live, table))))
    await run(builders, await cloneIndexSteps(live, derived))
  })
  await phase('checking references', async (run) => {
    const { references, checks } = await cloneReferenceSteps(live, tableNames(plan))
    await run([first], references)
    const analyses = tableNames(plan).map((name) => ({ name: `analyze ${name}`, sql: `analyze ${name}` }))
    await run(builders, [...checks, ...analyses])
  })
  await phase('replacing the live tables', () => swap(first, live, plan))
  return seconds
}

const load = async ({ live, plan, maxRejects, progress, ...options }: BuildOptions): Promise<void> => {
  const rejected = new Map<string, number>()
  const onProgress = (file: ReadProgress): void => {
    progress.read(file)
    rejected.set(file.file, file.rejected)
    if (sum([...rejected.values()]) > maxRejects) throw tooManyRejects(maxRejects)
  }
  const { url, startedAt, batchBytes, threadsAbove } = options
  const onLoaded: Progress['loaded'] = (report) => progress.loaded(report)
  await loadTables(live, plan, { url, startedAt, batchBytes, threadsAbove, onProgress, onLoaded })
  const reports = await reportFiles(live, plan)
  if (sum(reports.map((file) => file.rejected)) > maxRejects) throw tooManyRejects(maxRejects)
  const [done] = await live<{ any: boolean }[]>`select exists (select from staging.steps) as any`
  if (!done?.any) await assertRowCounts(live, plan)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** The step that fills a derived table from its view, which lacks the generated columns. */
export const fillStep = async (live: Sql, { name, view }: DerivedTable): Promise<Step> => {
  const [row] = await live<{ columns: string }[]>`
    select string_agg(attname, ', ' order by attnum) as columns from pg_attribute where attrelid = ${view}::regclass`
  return { name: `fill ${name}`, sql: `insert into ${name} (${row?.columns}) select ${row?.columns} from ${view}` }
}
