import { client, type Sql } from '../../db/client.ts'
import { applicationName } from './checkpoint.ts'
import type { Step } from './cloneTables.ts'

/** How many statements an import has under way at once, and threads that read files: one for each of two cores. */
export const atOnce = 2

/** Settings of a session that builds tables: names are looked for in `staging` first; sorting and hashing get memory. */
export const buildSettings = {
  search_path: 'staging, public',
  statement_timeout: 0,
  // What is lost with a server that crashes is done again.
  synchronous_commit: 'off',
  maintenance_work_mem: '512MB',
  work_mem: '128MB',
}

/** A connection that builds. `onclose` hears of its end, however that comes. */
export const builder = (url: string, onclose: () => void = () => {}): Sql => {
  const connection = { application_name: applicationName, ...buildSettings }
  return client(url, { max: 1, max_lifetime: null, onclose, connection })
}

/** Does the steps that were not done before, some at once, each in a transaction that notes it, and tells of each. */
export const runSteps = async (
  builders: readonly Sql[],
  steps: readonly Step[],
  tell: (done: number) => void = () => {},
): Promise<void> => {
  const [first] = builders
  if (!first) return
  const known = await first<{ name: string }[]>`select name from steps`
  const done = new Set(known.map(({ name }) => name))
  const left = steps.filter(({ name }) => !done.has(name))
  let finished = steps.length - left.length
  tell(finished)
  const outcomes = await Promise.allSettled(
    builders.map(async (sql) => {
      for (let step = left.shift(); step; step = left.shift()) {
        try {
          await sql.unsafe(`begin; ${step.sql}; insert into steps (name) values ('${step.name}'); commit`)
        } catch (error) {
          left.length = 0
          throw error
        }
        tell((finished += 1))
      }
    }),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
