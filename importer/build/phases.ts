import type { Sql } from '../../db/client.ts'
import { photoSteps } from './photos.ts'
import { runSteps } from './builders.ts'
import { carryOverSteps } from './carryOver.ts'
import type { ReadProgress } from '../copy/loadTable.ts'
import { loadTables } from '../copy/schedule.ts'
import { namesIn, type Plan } from '../plan.ts'
import type { Phase, Progress } from '../progress.ts'
import { tooManyRejects } from '../report/rejects.ts'
import { mustHaveArrived, reportFiles } from '../report/report.ts'
import { indexesOf, referencesOf, viewsOf, type Step } from './cloneTables.ts'
import { captureChanges, swap } from './swap.ts'
import type { DerivedTable } from '../tables/index.ts'

type Work = {
  readonly url: string
  readonly live: Sql
  readonly builders: readonly Sql[]
  readonly plan: Plan
  readonly moment: string
  readonly batchBytes: number
  readonly threadsAbove: number
  readonly mostRejects: number
  readonly progress: Progress
}

/** Does what is left of an import, and returns how long each phase took, in seconds. */
export const build = async (work: Work): Promise<Record<string, number>> => {
  const { live, builders, plan, progress } = work
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
  await phase('loading rows', () => load(work))
  if (!plan.isFresh)
    await phase('carrying over live rows', async (run) => {
      await captureChanges(first, plan)
      await run([first], await carryOverSteps(live, plan))
    })
  await phase('putting photos into rows', async (run) => {
    await run([first], await viewsOf(live, namesIn(plan)))
    await run(builders, await photoSteps(live, plan))
  })
  await phase('building indexes', async (run) => run(builders, await indexesOf(live, tables)))
  await phase('building derived tables', async (run) => {
    await run(builders, await Promise.all(plan.derived.map((each) => fillOf(live, each))))
    await run(builders, await indexesOf(live, derived))
  })
  await phase('checking references', async (run) => {
    const { references, checks } = await referencesOf(live, namesIn(plan))
    await run([first], references)
    const analyses = namesIn(plan).map((name) => ({ name: `analyze ${name}`, sql: `analyze ${name}` }))
    await run(builders, [...checks, ...analyses])
  })
  await phase('replacing the live tables', () => swap(first, live, plan))
  return seconds
}

const load = async ({ live, plan, mostRejects, progress, ...work }: Work): Promise<void> => {
  const rejected = new Map<string, number>()
  const tell = (reading: ReadProgress): void => {
    progress.read(reading)
    rejected.set(reading.file, reading.rejected)
    if (sum([...rejected.values()]) > mostRejects) throw tooManyRejects(mostRejects)
  }
  const { url, moment, batchBytes, threadsAbove } = work
  const loaded: Progress['loaded'] = (report) => progress.loaded(report)
  await loadTables(live, plan, { url, moment, batchBytes, threadsAbove, tell, loaded })
  const reports = await reportFiles(live, plan)
  if (sum(reports.map((file) => file.rejected)) > mostRejects) throw tooManyRejects(mostRejects)
  const [done] = await live<{ any: boolean }[]>`select exists (select from staging.steps) as any`
  if (!done?.any) await mustHaveArrived(live, plan)
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, some) => all + some, 0)

/** What makes the rows of a table that is kept ready: those of its view, which lacks what the table generates. */
export const fillOf = async (live: Sql, { name, view }: DerivedTable): Promise<Step> => {
  const [row] = await live<{ columns: string }[]>`
    select string_agg(attname, ', ' order by attnum) as columns from pg_attribute where attrelid = ${view}::regclass`
  return { name: `fill ${name}`, sql: `insert into ${name} (${row?.columns}) select ${row?.columns} from ${view}` }
}
