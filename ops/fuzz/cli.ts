import { spawn } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { findSchemathesis, type FuzzReport } from './schemathesis.ts'
import { serveFixture } from './serve.ts'

const about = `Sends what the OpenAPI document allows, and what it forbids, to a server of its own on the fixture, and checks every answer
against the document with all checks of schemathesis, which it installs from PyPI into .atelier/fuzz. Where answers and
document are meant to disagree stands in ops/fuzz/known.py. Ends with 0 when nothing was found, 1 otherwise.`

const options = {
  seed: { about: 'what is sent follows from it', default: 1 },
  examples: { about: 'how many inputs each operation is tried with', default: 600 },
  requests: { about: 'ends after so many requests, whatever is left', default: 20_000 },
  update: { about: 'installs the newest schemathesis', default: false },
} as const

type Values = { readonly seed: number; readonly examples: number; readonly requests: number }

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

const fuzz = async (st: string, origin: string, { seed, examples, requests: most }: Values): Promise<number> => {
  const counts = countAnswers()
  const report = join(folder, 'report.json')
  const written = join(folder, 'output.txt')
  const given = ['run', `${origin}/openapi.json`, '--seed', `${seed}`, '--max-examples', `${examples}`]
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
    throw new UserError(`schemathesis has failed: ${written} says why.`)
  })
  show(JSON.parse(text) as FuzzReport, counts)
  const hasFault = [...counts.keys()].some((code) => code >= 500)
  if (status === 0 && !hasFault) return 0
  console.log(`What was found, and how to send it again: ${written}`)
  return 1
}

await main(async () => {
  const command = readCommandLine('npm run test:fuzz [-- options]', about, options)
  if (!command) return 0
  await mkdir(folder, { recursive: true })
  const st = await findSchemathesis(join(folder, 'venv'), command.values.update)
  const { origin, stop } = await serveFixture()
  try {
    return await fuzz(st, origin, command.values)
  } finally {
    await stop()
  }
})
