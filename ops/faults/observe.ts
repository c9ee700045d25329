import { setTimeout as sleep } from 'node:timers/promises'
import Table from 'cli-table3'
import type { Fault } from './faults.ts'
import { type Answer, startLoad } from './load.ts'
import type { Shop } from './shop.ts'

/** The answers to a mixed load while faults came one after another, and those that may not be. */
export type Observation = {
  readonly name: string
  readonly answers: readonly Answer[]
  readonly problems: readonly string[]
}

/** Runs a load while each fault lasts its time, and until all requests are answered as before. */
export const observe = async (
  shop: Shop,
  schedule: readonly { readonly fault: Fault; readonly lastsMs: number }[],
): Promise<Observation> => {
  await shop.settled()
  const load = startLoad(shop.url)
  await sleep(300)
  for (const { fault, lastsMs } of schedule) {
    const end = await fault.begin(shop)
    await sleep(lastsMs)
    await end()
  }
  const faults = schedule.map(({ fault }) => fault)
  const recoversMs = Math.max(...faults.map(({ recoversMs: ms }) => ms))
  const recoveredAt = performance.now() + recoversMs
  await sleep(recoversMs + 700)
  await load.stop()

  const { answers } = load
  const later = answers.filter(({ at, ms }) => at - ms > recoveredAt)
  const problems = [
    ...answers.flatMap((answer) => (isAllowed(answer, faults) ? [] : [`answered ${describe(answer)}`])),
    ...later.flatMap((answer) => (answer.status > 201 ? [`after its end still ${describe(answer)}`] : [])),
    ...(later.length < 20 ? [`after its end only ${later.length} answers`] : []),
    ...(await shop.withSql(load.audit)),
    ...shop.unexpected(),
    ...shop.nodes
      .flatMap(({ exitCode, signalCode }) => exitCode ?? signalCode ?? [])
      .map((exit) => `a node ended: ${exit}`),
  ]
  return { name: faults.map(({ name }) => name).join(', '), answers, problems }
}

const isAllowed = ({ kind, status, ms }: Answer, faults: readonly Fault[]): boolean =>
  faults.some((fault) => fault[kind].includes(status)) && ms <= Math.max(...faults.map(({ withinMs }) => withinMs))

const describe = ({ kind, status, ms }: Answer): string => `${kind} ${status} in ${Math.round(ms)} ms`

/** A table of the answers under each fault. */
export const toTable = (observations: readonly Observation[]): string => {
  const table = new Table({ head: ['while', 'reads', 'writes', 'writes with a key', 'slowest ms'] })
  for (const { name, answers } of observations) {
    const tally = (kind: Answer['kind']) => {
      const counts = new Map<number, number>()
      for (const answer of answers)
        if (answer.kind === kind) counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
      return Array.from(counts, ([status, count]) => `${count} × ${status}`).join(', ')
    }
    table.push([
      name,
      tally('reads'),
      tally('writes'),
      tally('keyed'),
      Math.round(Math.max(...answers.map(({ ms }) => ms))),
    ])
  }
  return table.toString()
}
