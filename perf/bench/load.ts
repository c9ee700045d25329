import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Request } from '../operations.ts'
import { percentiles } from '../statistics.ts'
import { isServed, sendAtRate } from './constantArrivalRate.ts'

const execute = promisify(execFile)
const script = fileURLToPath(new URL('requests.lua', import.meta.url))

/** How long a load lasts, and how many connections it keeps busy. */
export type Pressure = { readonly connections: number; readonly seconds: number }

/** What a load came to; `failed` are requests without an answer or with a status other than 2xx. */
export type Figures = {
  readonly rps: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly failed: number
}

/** Sends requests in turn to a server, each connection the next one as soon as it has an answer. */
export type Load = (url: string, requests: readonly Request[], pressure: Pressure) => Promise<Figures>

const runWrk: Load = async (url, requests, { connections, seconds }) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    const file = join(folder, 'requests')
    await writeFile(file, requests.map(({ method, path, body = '' }) => `${method} ${path} ${body}`.trim()).join('\n'))
    const flags = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-s', script, url, '--', file]
    const { stdout } = await execute('wrk', flags)
    return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{'))) as Figures
  } finally {
    await rm(folder, { recursive: true })
  }
}

// More than any server answers, so that no connection is idle for longer than a millisecond.
const beyondAll = 500_000

const runOwn: Load = async (url, requests, { connections, seconds }) => {
  const { answers } = await sendAtRate(url, requests, connections, [{ rate: beyondAll, seconds }])
  return {
    rps: answers.length / seconds,
    ...percentiles(answers.map(({ sentAt, endedAt }) => endedAt - sentAt)),
    failed: answers.filter((answer) => !isServed(answer)).length,
  }
}

/** wrk where it is installed, which takes less of the machine, or else this project's own generator. */
export const findLoad = async (): Promise<{ name: string; load: Load }> => {
  // Without arguments it prints its usage and fails.
  const hasWrk = await execute('wrk').catch((error: { code?: unknown }) => error.code !== 'ENOENT')
  return hasWrk ? { name: 'wrk', load: runWrk } : { name: 'no wrk (apt-get install wrk)', load: runOwn }
}
