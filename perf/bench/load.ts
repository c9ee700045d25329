import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Request } from '../operations.ts'
import { createDurations } from '../statistics.ts'
import { isServed, sendAtRate } from './constantArrivalRate.ts'

const execute = promisify(execFile)
const script = fileURLToPath(new URL('requests.lua', import.meta.url))

/** The result of a load; `failed` are requests without an answer or with a status other than 2xx. */
export type LoadResult = {
  readonly rps: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly failed: number
}

/** Sends requests in turn to a server for so many seconds. */
export type RunLoad = (url: string, requests: readonly Request[], seconds: number) => Promise<LoadResult>

const connections = 128

const runWrk: RunLoad = async (url, requests, seconds) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    const file = join(folder, 'requests')
    await writeFile(file, requests.map(({ method, path, body = '' }) => `${method} ${path} ${body}`.trim()).join('\n'))
    const flags = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-s', script, url, '--', file]
    const { stdout } = await execute('wrk', flags)
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{'))) as LoadResult
  } finally {
    await rm(folder, { recursive: true })
  }
}

const runOwn =
  (connections: number, rate: number): RunLoad =>
  async (url, requests, seconds) => {
    const durations = createDurations()
    let [answered, failed] = [0, 0]
    await sendAtRate(url, requests, connections, [{ rate, seconds }], (answer) => {
      durations.add(answer.endedAt - answer.scheduledAt)
      answered += 1
      if (!isServed(answer)) failed += 1
    })
    return { rps: answered / seconds, ...durations.sumUp(), failed }
  }

/** Keeps connections busy with this project's own generator: more requests are due than any server answers. */
export const atCapacity = runOwn(connections, 500_000)

/** Keeps a rate. A late request counts from when it was due; 1024 connections are enough unless the server stalls. */
export const atRate = (rate: number): RunLoad => runOwn(1024, rate)

/** Keeps 128 connections busy: with wrk where it is installed, as it takes less of the machine. */
export const findLoad = async (): Promise<{ name: string; load: RunLoad }> => {
  // Without arguments it prints its usage and fails.
  const hasWrk = await execute('wrk').catch((error: { code?: unknown }) => error.code !== 'ENOENT')
  return hasWrk ? { name: 'wrk', load: runWrk } : { name: 'no wrk (apt-get install wrk)', load: atCapacity }
}
