import { client, type Sql } from '../../db/client.ts'
import { applicationName } from './checkpoint.ts'
import type { Step } from './cloneTables.ts'

/** The number of concurrent statements that build, and of threads that read files: one for each of two cores. */
export const parallelism = 2

/** The settings of a session that builds tables. Unqualified names resolve to `staging` first. */
export const buildSettings = {
  search_path: 'staging, public',
  statement_timeout: 0,
  // Steps that are lost in a crash of the server are repeated.
  synchronous_commit: 'off',
  maintenance_work_mem: '512MB',
  work_mem: '128MB',
}

/** A connection for building tables. `onclose` is called when it closes for any reason. */
export const connectBuilder = (url: string, onclose: () => void = () => {}): Sql => {
  const connection = { application_name: applicationName, ...buildSettings }
  return client(url, { max: 1, max_lifetime: null, onclose, connection })
}

/** Runs the steps that `staging.steps` does not list, concurrently, each in a transaction that adds it to the list. */
export const runSteps = async (
  builders: readonly Sql[],
  steps: readonly Step[],
  onProgress: (done: number) => void = () => {},
): Promise<void> => {
  const [first] = builders
  if (!first) return
  const rows = await first<{ name: string }[]>`select name from steps`
  const done = new Set(rows.map(({ name }) => name))
  const left = steps.filter(({ name }) => !done.has(name))
  let finished = steps.length - left.length
  onProgress(finished)
  const outcomes = await Promise.allSettled(
    builders.map(async (sql) => {
      for (let step = left.shift(); step; step = left.shift()) {
        try {
          await sql.unsafe(`begin; ${step.sql}; insert into steps (name) values ('${step.name}'); commit`)
        } catch (error) {
          left.length = 0
          throw error
        }
        onProgress((finished += 1))
      }
    }),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
