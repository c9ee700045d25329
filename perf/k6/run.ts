import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import Table from 'cli-table3'
import { dataFolder } from '../../db/folder.ts'
import { main } from '../../db/problem.ts'
import { cacheUse, fillCache } from './cache.ts'
import { readable } from './chart.ts'
import type { Cores } from './cpu.ts'
import { gatherIds } from './ids.ts'
import { findK6 } from './findK6.ts'
import { dueBy } from './script/profiles.ts'
import { type Measured, measure } from './measure.ts'
import { help, type Order, readOrder } from './options.ts'
import { cellsOf, columns, reportOf, type Run } from './report.ts'
import type { Interval } from './samples.ts'
import { openTarget } from './target.ts'

const createProgress = (seconds: number) => {
  const { isTTY } = process.stderr
  let told = -5
  let filled = -10
  return {
    tell: (latest: Interval | undefined): void => {
      if (!latest && !isTTY) return
      const line = latest
        ? `${latest.at + 1} of ${seconds} s: ${readable(latest.rps)} requests/s, p50 ${readable(latest.p50_ms)}, p99 ${readable(latest.p99_ms)} ms, failed ${latest.failed}, dropped ${latest.dropped + latest.refused}`
        : 'Warming up'
      if (isTTY) process.stderr.write(`\r\u001B[K${line}`)
      else if (latest && latest.at >= told + 5) console.error(line)
      if (latest && latest.at >= told + 5) told = latest.at
    },
    fill: (share: number): void => {
      const percent = Math.floor(100 * share)
      if (isTTY) process.stderr.write(`\r\u001B[KFilling the cache: ${percent} %`)
      else if (percent >= filled + 10) console.error(`Filling the cache: ${(filled = percent)} %`)
    },
    stop: () => void (isTTY && process.stderr.write('\r\u001B[K')),
  }
}

const averageOf = (coresOverTime: Measured['coresOverTime']): Cores => {
  const sums: Record<string, number> = {}
  for (const { cores } of coresOverTime)
    for (const [name, value] of Object.entries(cores)) sums[name] = (sums[name] ?? 0) + value / coresOverTime.length
  return Object.fromEntries(Object.entries(sums).filter(([, value]) => value >= 0.01))
}

/** Loads what the order names and tells what came of it. */
const carryOut = async (order: Order, k6: string): Promise<Run> => {
  const { name, profile, products, address, seconds, warmup } = order
  const target = address
    ? { url: address, node: address, admin: undefined, postmaster: undefined, stop: async () => {} }
    : await openTarget(profile.target, products)
  const progress = createProgress(seconds)
  try {
    const { admin } = target
    const ids = await gatherIds(target.node)
    if (admin) await fillCache(target.url, ids, progress.fill)
    progress.stop()
    const before = admin ? await cacheUse(admin) : undefined
    const roots = [process.pid, ...(target.postmaster === undefined ? [] : [target.postmaster])]
    const time = new Date().toISOString()
    console.error(`${name}: ${profile.about}. ${warmup} s to warm up, then ${seconds} s.`)
    const measured = await measure({ ...order, k6, url: target.url, ids, roots, tell: progress.tell })
    const after = admin ? await cacheUse(admin) : undefined
    const run = runOf(order, time, measured)
    if (!before || !after || after.reads === before.reads) return run
    return { ...run, hits: (after.hits - before.hits) / (after.reads - before.reads) }
  } finally {
    progress.stop()
    await target.stop()
  }
}

const runOf = (order: Order, time: string, { samples, knee, coresOverTime, held, complaints }: Measured): Run => {
  const { name, profile, products, address, endpoint, seconds, warmup } = order
  const intervals = samples.intervals()
  const ends = intervals.map((_, index) => intervals[index + 1]?.at ?? seconds)
  const total = samples.total()
  // A k6 that is short of CPU does not count what it had no time to begin.
  const due = knee ? undefined : dueBy(profile, seconds)
  const unsent = Math.floor(due ?? 0) - total.answered - total.failed - total.refused
  const isDue = (at: number, end: number) => {
    const until = dueBy(profile, seconds, end)
    return until === undefined ? {} : { due_rps: (until - (dueBy(profile, seconds, at) ?? 0)) / (end - at) }
  }
  return {
    profile: name,
    about: profile.about,
    time,
    settings: {
      target: address ? new URL(address).origin : profile.target,
      ...(address ? {} : { products: readable(products) }),
      requests: endpoint || 'a product page, 95 % reads',
      measured: `${seconds} s after ${warmup} s`,
      machine: `${availableParallelism()} cores, shared with k6`,
      node: process.version,
    },
    held,
    complaints,
    total: { ...total, dropped: Math.max(total.dropped, unsent) },
    ...(knee ? { knee_rps: knee.rps } : {}),
    ...(profile.replaced ? { replaced: profile.replaced } : {}),
    operations: samples.operations(),
    seconds: knee ? (ends.at(-2) ?? seconds) : seconds,
    intervals: intervals
      .map((interval, index) => ({ ...interval, ...isDue(interval.at, ends[index] ?? seconds) }))
      // The one in which it was stopped is cut short.
      .slice(0, knee ? -1 : undefined),
    cores: averageOf(coresOverTime),
    coresOverTime,
  }
}

const show = ({ total, replaced, cores, knee_rps, hits, complaints, held }: Run): void => {
  const table = new Table({
    head: ['', ...columns],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  table.push(['this run', ...cellsOf(total).map(readable)])
  if (replaced)
    table.push([
      'the replaced system',
      readable(replaced.rps),
      readable(replaced.mean_ms),
      ...columns.slice(2).map(() => '–'),
    ])
  console.log(table.toString())
  const all = availableParallelism()
  const busy = Object.entries(cores).map(([name, value]) => `${name} ${readable(value)}`)
  if (busy.length > 0)
    console.log(
      `Busy of ${all} cores: ${busy.join(', ')}; k6's share is ${readable((100 * (cores['k6'] ?? 0)) / all)} %.`,
    )
  if (hits !== undefined) console.log(`The cache answered ${readable(100 * hits)} % of the reads that it may keep.`)
  if (knee_rps !== undefined) console.log(`It kept up until ${readable(knee_rps)} requests/s.`)
  for (const line of complaints) console.error(line)
  if (!held) console.error('Not all that the profile asks held.')
}

await main(async () => {
  const order = readOrder(process.argv.slice(2))
  if (!order) return console.log(help)
  const run = await carryOut(order, await findK6())
  show(run)
  const folder = join(dataFolder(), 'reports')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${run.profile}-${run.time.replaceAll(':', '').slice(0, 17)}.html`)
  await writeFile(file, reportOf(run))
  if (order.json) await writeFile(order.json, `${JSON.stringify(run, undefined, 2)}\n`)
  console.log(`The report is in ${relative('.', file)}`)
  return run.held ? 0 : 1
})
