import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Table from 'cli-table3'
import { client } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { dataFolder } from '../../db/folder.ts'
import { migrate } from '../../db/migrate.ts'
import { forImports } from '../../db/open.ts'
import { main, Problem } from '../../db/problem.ts'
import { generate } from '../../importer/generate/generate.ts'
import { buildSettings } from '../../importer/build/builders.ts'
import { readOptions, whole } from '../arguments.ts'
import { byHand } from './psqlBaseline.ts'
import { median } from '../median.ts'

const help = `npm run bench:import -- [options]

Imports generated files with npm run import, and by hand with psql: \\copy into bare tables, then the same keys, indexes,
totals and documents by SQL; round by round, each into a new database of one embedded server, and shows the medians.

  --products N   how many products the files have (100000)
  --rounds N     imports of each kind (3)
  --help         shows this`

const execute = promisify(execFile)

/** Seconds that an import took, by its parts. */
type Times = Record<string, number>

/** Runs psql on the parts of an import by hand. */
const runByHand = async (url: string, folder: string): Promise<Times> => {
  const sql = client(url, { max: 1 })
  const parts = await byHand(sql, folder)
  await sql.end({ timeout: 5 })
  const scripts = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const options = Object.entries(buildSettings).map(
    ([name, value]) => `-c ${name}=${String(value).replaceAll(' ', '\\ ')}`,
  )
  const env = { ...process.env, PGOPTIONS: options.join(' ') }
  const times: Times = {}
  try {
    for (const { name, script } of parts) {
      const file = join(scripts, `${name}.sql`)
      await writeFile(file, script)
      const start = performance.now()
      await execute('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-f', file, url], { env }).catch(
        (error: Error & { code?: unknown }) => {
          throw error.code === 'ENOENT'
            ? new Problem('psql is not installed: apt-get install postgresql-client.')
            : error
        },
      )
      times[name] = (performance.now() - start) / 1000
    }
    return times
  } finally {
    await rm(scripts, { recursive: true })
  }
}

const command = fileURLToPath(new URL('../../importer/cli.ts', import.meta.url))

/** Runs the importer as its command does, and watches its memory, in MB. */
const runImporter = async (url: string, folder: string): Promise<{ times: Times; peakMb: number }> => {
  const args = ['--import', 'tsx', command, folder, '--json', '--rejects', join(folder, 'rejects.csv')]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let errors = ''
  child.stdout.on('data', (data) => (printed += String(data)))
  child.stderr.on('data', (data) => (errors += String(data)))
  const ended = once(child, 'exit')
  let peakMb = 0
  const watch = async (): Promise<void> => {
    while (child.exitCode === null) {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
      await setTimeout(100, undefined, { ref: false })
    }
  }
  const watching = watch()
  const start = performance.now()
  const [code] = (await ended) as [number]
  const whole = (performance.now() - start) / 1000
  await watching
  if (code === 1) throw new Error(errors)
  const { phases } = JSON.parse(printed) as { phases: Times }
  const inPhases = Object.values(phases).reduce((sum, seconds) => sum + seconds, 0)
  return { times: { ...phases, 'start and end': whole - inPhases }, peakMb }
}

const totalOf = (times: Times): number => Object.values(times).reduce((sum, seconds) => sum + seconds, 0)
await main(async () => {
  const options = {
    products: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  } as const
  const values = readOptions('npm run bench:import', options)
  if (values.help) return console.log(help)
  const products = whole('products', values.products)
  const most = whole('rounds', values.rounds)
  const folder = join(dataFolder(), 'bench', 'import')
  const set = join(folder, `set-${products}`)
  const server = await startEmbedded(folder, forImports)
  const admin = client(server.url, { max: 1 })
  /** Does a task with a new, migrated database, which is dropped behind it. */
  const within = async <Result>(task: (url: string) => Promise<Result>): Promise<Result> => {
    const name = `import_${Date.now()}`
    const url = new URL(server.url)
    url.pathname = name
    await admin.unsafe(`create database ${name}`)
    const sql = client(url.href, { max: 1 })
    await migrate(sql)
    await sql.end({ timeout: 5 })
    // What the last one left to be written is not for this one to wait for.
    await admin`checkpoint`
    try {
      return await task(url.href)
    } finally {
      await admin.unsafe(`drop database ${name} with (force)`)
    }
  }
  try {
    if (!(await stat(join(set, 'answers_photos.csv')).catch(() => undefined)))
      await generate(set, { products, seed: 1 })
    const rounds: { hand: Times; ours: Times; peakMb: number }[] = []
    for (let round = 1; round <= most; round += 1) {
      const hand = await within((url) => runByHand(url, set))
      const { times: ours, peakMb } = await within((url) => runImporter(url, set))
      rounds.push({ hand, ours, peakMb })
      const ratio = totalOf(ours) / totalOf(hand)
      console.error(
        `round ${round}: by hand ${totalOf(hand).toFixed(1)} s, npm run import ${totalOf(ours).toFixed(1)} s, ratio ${ratio.toFixed(2)}`,
      )
    }
    const table = new Table({
      head: ['', 'part', 'seconds'],
      colAligns: ['left', 'left', 'right'],
      style: { head: [], border: [], compact: true },
    })
    for (const [who, times] of [
      ['by hand', rounds.map(({ hand }) => hand)],
      ['npm run import', rounds.map(({ ours }) => ours)],
    ] as const) {
      for (const part of Object.keys(times[0] ?? {}))
        table.push([who, part, median(times.map((each) => each[part] ?? 0)).toFixed(1)])
      table.push([who, 'all', median(times.map(totalOf)).toFixed(1)])
    }
    console.log(table.toString())
    console.log(
      `ratio ${median(rounds.map(({ hand, ours }) => totalOf(ours) / totalOf(hand))).toFixed(2)}, at most ${Math.max(...rounds.map(({ peakMb }) => peakMb)).toFixed(0)} MB in the importer`,
    )
  } finally {
    await admin.end({ timeout: 5 })
    await server.stop()
  }
})
