import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { dataFolder } from '../db/folder.ts'
import { main, Problem } from '../db/problem.ts'
import { readable } from './chart.ts'
import type { Cores } from './cpu.ts'
import { gatherIds } from './ids.ts'
import { findK6 } from './k6.ts'
import { names } from './k6/mix.ts'
import { type Profile, type ProfileName, profiles } from './k6/profiles.ts'
import { type Measured, measure } from './measure.ts'
import { cellsOf, columns, reportOf, type Run } from './report.ts'
import type { Interval } from './samples.ts'
import { openTarget } from './target.ts'

const help = `npm run perf -- <profile> [options]

Loads the API with k6 as the visitors of a product page do, checks what it answers, and writes a report.

${Object.entries(profiles)
  .map(([name, { about }]) => `  ${name.padEnd(18)}${about}`)
  .join('\n')}

  --products N      how many products the shop has that is started (1000)
  --url URL         loads what runs there, and starts nothing; writes are written there
  --endpoint NAME   asks one operation only, for example getProduct
  --duration N      seconds that are measured (the profile's)
  --warmup N        seconds before that which do not count (5)
  --json FILE       also writes the results as JSON
  --help            shows this`

const options = {
  products: { type: 'string', default: '1000' },
  url: { type: 'string' },
  endpoint: { type: 'string', default: '' },
  duration: { type: 'string' },
  warmup: { type: 'string', default: '5' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const readArguments = () => {
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: npm run perf -- --help shows what there is.`)
  }
}

const whole = (name: string, text: string, least: number): number => {
  if (/^\d{1,8}$/.test(text) && Number(text) >= least) return Number(text)
  throw new Problem(`--${name} is ${text}: give it a whole number from ${least}.`)
}

const addressOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new Problem(`--url is ${text}: give it an address such as http://127.0.0.1:3000.`)
  }
  return url.href.replace(/\/$/, '')
}

/** What is to be done, by the command line. */
const readOrder = () => {
  const { values, positionals } = readArguments()
  const [name = '', ...rest] = positionals
  if (values.help) return undefined
  if (!Object.hasOwn(profiles, name) || rest.length > 0) {
    throw new Problem(`Name one profile: ${Object.keys(profiles).join(', ')}.`)
  }
  if (values.endpoint && !names.some((known) => known === values.endpoint)) {
    throw new Problem(`--endpoint is ${values.endpoint}: there are ${names.join(', ')}.`)
  }
  const profile: Profile = profiles[name as ProfileName]
  return {
    name: name as ProfileName,
    profile,
    products: whole('products', values.products, 1),
    address: values.url === undefined ? undefined : addressOf(values.url),
    endpoint: values.endpoint,
    seconds: whole('duration', values.duration ?? String(profile.seconds), 1),
    warmup: whole('warmup', values.warmup, 0),
    json: values.json,
  }
}

type Order = NonNullable<ReturnType<typeof readOrder>>

const createProgress = (seconds: number) => {
  const { isTTY } = process.stderr
  let told = -5
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
    stop: () => void (isTTY && process.stderr.write('\r\u001B[K')),
  }
}

const averageOf = (coresOverTime: Measured['coresOverTime']): Cores => {
  const sums: Record<string, number> = {}
  for (const { cores } of coresOverTime)
    for (const [name, value] of Object.entries(cores)) sums[name] = (sums[name] ?? 0) + value / coresOverTime.length
  return Object.fromEntries(Object.entries(sums).filter(([, value]) => value >= 0.01))
}

const load = async (order: Order, k6: string): Promise<Run> => {
  const { name, profile, products, address, endpoint, seconds, warmup } = order
  const target = address
    ? { url: address, node: address, postmaster: undefined, stop: async () => {} }
    : await openTarget(profile.target, products)
  const progress = createProgress(seconds)
  try {
    const ids = await gatherIds(target.node)
    const roots = [process.pid, ...(target.postmaster === undefined ? [] : [target.postmaster])]
    const time = new Date().toISOString()
    console.error(`${name}: ${profile.about}. ${warmup} s to warm up, then ${seconds} s.`)
    const wish = { k6, url: target.url, ids, name, profile, seconds, warmup, endpoint, roots, tell: progress.tell }
    const { samples, held, complaints, knee, coresOverTime } = await measure(wish)
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
      total: samples.total(),
      ...(knee ? { knee_rps: knee.rps } : {}),
      ...(profile.replaced ? { replaced: profile.replaced } : {}),
      operations: samples.operations(),
      intervals: samples.intervals(),
      cores: averageOf(coresOverTime),
      coresOverTime,
    }
  } finally {
    progress.stop()
    await target.stop()
  }
}

const show = ({ total, replaced, cores, knee_rps, complaints, held }: Run): void => {
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
  if (knee_rps !== undefined) console.log(`It kept up until ${readable(knee_rps)} requests/s.`)
  for (const line of complaints) console.error(line)
  if (!held) console.error('Not all that the profile asks held.')
}

await main(async () => {
  const order = readOrder()
  if (!order) return console.log(help)
  const run = await load(order, await findK6())
  show(run)
  const folder = join(dataFolder(), 'reports')
  await mkdir(folder, { recursive: true })
  const file = join(folder, `${run.profile}-${run.time.replaceAll(':', '').slice(0, 17)}.html`)
  await writeFile(file, reportOf(run))
  if (order.json) await writeFile(order.json, `${JSON.stringify(run, undefined, 2)}\n`)
  console.log(`The report is in ${relative('.', file)}`)
  return run.held ? 0 : 1
})
