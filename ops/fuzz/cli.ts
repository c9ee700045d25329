import { spawn } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { main, Problem } from '../../db/problem.ts'
import { findSchemathesis, type FuzzReport } from './schemathesis.ts'
import { serveFixture } from './serve.ts'

const help = `npm run test:fuzz -- [options]

Sends what the OpenAPI document allows, and what it forbids, to a server of its own on the fixture, and checks every answer
against the document with all checks of schemathesis, which it installs from PyPI into .atelier/fuzz. Where answers and
document are meant to disagree stands in ops/fuzz/known.py.

  --seed N        what is sent follows from it (default 1)
  --examples N    how many inputs each operation is tried with (default 600)
  --requests N    ends after so many requests, whatever is left (default 20000)
  --update        installs the newest schemathesis
  --help          shows this

Ends with 0 when nothing was found, 1 otherwise.`

const options = {
  seed: { type: 'string', default: '1' },
  examples: { type: 'string', default: '600' },
  requests: { type: 'string', default: '20000' },
  update: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const readArguments = () => {
  try {
    const { values } = parseArgs({ options })
    for (const name of ['seed', 'examples', 'requests'] as const)
      if (!/^[1-9]\d{0,8}$/.test(values[name]))
        throw new Error(`--${name} is ${values[name]}, and has to be a whole number from 1`)
    return values
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: npm run test:fuzz -- --help shows what there is.`)
  }
}

const folder = fileURLToPath(new URL('../../.atelier/fuzz', import.meta.url))
const known = fileURLToPath(new URL('known.py', import.meta.url))

/** Counts what this process answers, by status. */
const countAnswers = (): Map<number, number> => {
  const counts = new Map<number, number>()
  subscribe('http.server.response.finish', (message) => {
    const { statusCode } = (message as { response: ServerResponse }).response
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
  })
  return counts
}
const sumOf = (counts: Map<number, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

const showProgress = (counts: Map<number, number>, most: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${sumOf(counts)} of at most ${most} requests `)
}

const show = (report: FuzzReport, counts: Map<number, number>): void => {
  const table = new Table({ head: ['operation', 'taken', 'refused', 'found'], style: { head: [], border: [] } })
  for (const [operation, phases] of Object.entries(report.valid_rates)) {
    const total = (of: 'accepted' | 'rejected') => Object.values(phases).reduce((sum, phase) => sum + phase[of], 0)
    const found = report.failures.filter(({ operations }) => operations.includes(operation)).map(({ title }) => title)
    table.push([operation, total('accepted'), total('rejected'), found.join(', ')])
  }
  console.log(String(table))
  const statuses = [...counts].toSorted(([one], [other]) => one - other).map(([status, count]) => `${status}: ${count}`)
  console.log(`${sumOf(counts)} requests (${statuses.join(', ')}), schemathesis ${report.schemathesis_version}.`)
}

const fuzz = async (st: string, origin: string, values: ReturnType<typeof readArguments>): Promise<number> => {
  const counts = countAnswers()
  const most = Number(values.requests)
  const report = join(folder, 'report.json')
  const written = join(folder, 'output.txt')
  const given = ['run', `${origin}/openapi.json`, '--seed', values.seed, '--max-examples', values.examples]
  const fixed = ['--checks', 'all', '--continue-on-failure', '--generation-database', 'none', '--no-color']
  const child = spawn(st, [...given, ...fixed, '--report-json-path', report], {
    cwd: folder,
    env: { ...process.env, SCHEMATHESIS_HOOKS: known },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = createWriteStream(written)
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  const watch = setInterval(() => {
    showProgress(counts, most)
    if (sumOf(counts) >= most) child.kill('SIGINT')
  }, 100)
  const stop = () => child.kill('SIGINT')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  const [status] = (await once(child, 'exit')) as [number | null]
  clearInterval(watch)
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  output.end()

  const text = await readFile(report, 'utf8').catch(() => {
    throw new Problem(`schemathesis has failed: ${written} says why.`)
  })
  show(JSON.parse(text) as FuzzReport, counts)
  const hasFault = [...counts.keys()].some((code) => code >= 500)
  if (status === 0 && !hasFault) return 0
  console.log(`What was found, and how to send it again: ${written}`)
  return 1
}

await main(async () => {
  const values = readArguments()
  if (values.help) return console.log(help)
  await mkdir(folder, { recursive: true })
  const st = await findSchemathesis(join(folder, 'venv'), values.update)
  const { origin, stop } = await serveFixture()
  try {
    return await fuzz(st, origin, values)
  } finally {
    await stop()
  }
})
