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
import { adminToken, serveFixture } from './serve.ts'

const about = `Starts the API on the fixture, sends it valid and invalid requests of the OpenAPI document, and checks
each response with schemathesis, which it installs from PyPI into .atelier/fuzz; then those of moderators again, with
the admin token. Exits with 0 if all differences are in ops/fuzz/known.py, and with 1 otherwise.`

const options = {
  seed: { about: 'decides which requests are sent', default: 1 },
  examples: { about: 'the number of inputs for each operation', default: 600 },
  requests: { about: 'the most requests that are sent', default: 20_000 },
  update: { about: 'installs the newest schemathesis', default: false },
} as const

type Values = { readonly seed: number; readonly examples: number; readonly requests: number }

const folder = fileURLToPath(new URL('../../.atelier/fuzz', import.meta.url))
const hooks = fileURLToPath(new URL('known.py', import.meta.url))

/** Counts the responses of this process by status. */
const countAnswers = (): Map<number, number> => {
  const counts = new Map<number, number>()
  subscribe('http.server.response.finish', (message) => {
    const { statusCode } = (message as { response: ServerResponse }).response
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
  })
  return counts
}
const sumCounts = (counts: Map<number, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

const showProgress = (counts: Map<number, number>, maxRequests: number): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${sumCounts(counts)} of at most ${maxRequests} requests `)
}

const printReport = (report: FuzzReport, counts: Map<number, number>): void => {
  const table = new Table({ head: ['operation', 'accepted', 'rejected', 'failures'], style: { head: [], border: [] } })
  for (const [operation, phases] of Object.entries(report.valid_rates)) {
    const total = (of: 'accepted' | 'rejected') => Object.values(phases).reduce((sum, phase) => sum + phase[of], 0)
    const failures = report.failures
      .filter(({ operations }) => operations.includes(operation))
      .map(({ title }) => title)
    table.push([operation, total('accepted'), total('rejected'), failures.join(', ')])
  }
  console.log(String(table))
  const statuses = [...counts].toSorted(([one], [other]) => one - other).map(([status, count]) => `${status}: ${count}`)
  console.log(`${sumCounts(counts)} requests (${statuses.join(', ')}), schemathesis ${report.schemathesis_version}.`)
}

const asModerator = ['--include-tag', 'moderation', '--header', `Authorization: Bearer ${adminToken}`]

const fuzz = async (
  st: string,
  origin: string,
  { seed, examples, requests: maxRequests }: Values,
  more: readonly string[] = [],
): Promise<number> => {
  const counts = countAnswers()
  const report = join(folder, 'report.json')
  const outputFile = join(folder, 'output.txt')
  const args = ['run', `${origin}/openapi.json`, '--seed', `${seed}`, '--max-examples', `${examples}`]
  const fixed = ['--checks', 'all', '--continue-on-failure', '--generation-database', 'none', '--no-color']
  const child = spawn(st, [...args, ...fixed, ...more, '--report-json-path', report], {
    cwd: folder,
    env: { ...process.env, SCHEMATHESIS_HOOKS: hooks },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = createWriteStream(outputFile)
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  const watch = setInterval(() => {
    showProgress(counts, maxRequests)
    if (sumCounts(counts) >= maxRequests) child.kill('SIGINT')
  }, 100)
  const stop = () => child.kill('SIGINT')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  const [status] = (await once(child, 'exit')) as [number | null]
  clearInterval(watch)
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  output.end()

  const text = await readFile(report, 'utf8').catch(() => {
    throw new UserError(`schemathesis has failed: read ${outputFile}.`)
  })
  printReport(JSON.parse(text) as FuzzReport, counts)
  const hasServerError = [...counts.keys()].some((code) => code >= 500)
  if (status === 0 && !hasServerError) return 0
  console.log(`The failures, and how to reproduce them: ${outputFile}`)
  return 1
}

await main(async () => {
  const command = readCommandLine('npm run test:fuzz [-- options]', about, options)
  if (!command) return 0
  await mkdir(folder, { recursive: true })
  const st = await findSchemathesis(join(folder, 'venv'), command.values.update)
  const { origin, stop } = await serveFixture()
  try {
    return (await fuzz(st, origin, command.values)) || (await fuzz(st, origin, command.values, asModerator))
  } finally {
    await stop()
  }
})
