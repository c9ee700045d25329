import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import autocannon from 'autocannon'

const execute = promisify(execFile)
const script = fileURLToPath(new URL('./paths.lua', import.meta.url))

/** What is sent: each path in turn, all with the same method and body. */
export type Requests = { readonly method: string; readonly paths: readonly string[]; readonly body?: string }

/** How long, in seconds, and over how many connections. */
export type Pressure = { readonly connections: number; readonly seconds: number }

/** Requests a second, latencies in milliseconds, and how many requests failed or were refused. */
export type Figures = {
  readonly rps: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly failed: number
}

/** Loads a server as fast as it answers, and says what came of it. */
export type Load = (url: string, requests: Requests, pressure: Pressure) => Promise<Figures>

const byWrk: Load = async (url, { method, paths, body }, { connections, seconds }) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const file = join(folder, 'paths')
  try {
    await writeFile(file, paths.join('\n'))
    const flags = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-s', script, url, '--', file, method]
    const { stdout } = await execute('wrk', body === undefined ? flags : [...flags, body])
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{')))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const byAutocannon: Load = async (url, { method, paths, body }, { connections, seconds }) => {
  const headers = { 'Content-Type': 'application/json' }
  const requests = paths.map((path) => ({ method, path, ...(body === undefined ? {} : { body, headers }) }))
  const result = await autocannon({ url, connections, duration: seconds, requests } as autocannon.Options)
  return {
    rps: result.requests.average,
    p50_ms: result.latency.p50,
    p99_ms: result.latency.p99,
    failed: result.errors + result.non2xx,
  }
}

/** wrk where it is installed, which asks less of the machine; autocannon otherwise. */
export const findLoad = async (): Promise<{ name: string; load: Load }> => {
  // Without arguments it prints its usage and fails.
  const hasWrk = await execute('wrk').catch((error: { code?: unknown }) => error.code !== 'ENOENT')
  return hasWrk ? { name: 'wrk', load: byWrk } : { name: 'autocannon', load: byAutocannon }
}
