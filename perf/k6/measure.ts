import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../db/commandLine.ts'
import { operations, pickOperations } from '../operations.ts'
import type { Command } from './arguments.ts'
import { describeOperations } from './mix.ts'
import { buildOptions } from './options.ts'
import { type K6Summary, readSummary, type Summary } from './summary.ts'
import type { LoadTarget } from './target.ts'

const script = fileURLToPath(new URL('script/main.ts', import.meta.url))

// The exit status of k6 when a threshold was crossed.
const thresholdsCrossed = 99

type Result = { readonly summary: Summary; readonly passed: boolean; readonly k6Cores: number }

/** Runs k6 on an API. Its own dashboard writes the report, and `script/main.ts` its summary. */
export const measure = async (k6: string, target: LoadTarget, command: Command, report: string): Promise<Result> => {
  const { profile, seconds, pick } = command
  const picked = pick ? pickOperations(pick) : operations
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const write = async (name: string, value: unknown) => {
    await writeFile(join(folder, name), JSON.stringify(value))
    return join(folder, name)
  }
  try {
    const summaryFile = join(folder, 'summary.json')
    const { status, cpuSeconds } = await runK6(k6, {
      K6_WEB_DASHBOARD_EXPORT: report,
      URL: target.url,
      OPTIONS: await write('options.json', buildOptions(profile, seconds, picked)),
      OPERATIONS: await write('operations.json', describeOperations(picked)),
      IDS: await write('ids.json', target.ids),
      SUMMARY: summaryFile,
      OVERLOAD: profile.overload ? 'true' : '',
    })
    if (status !== 0 && status !== thresholdsCrossed) throw new UserError(`k6 ended with ${status ?? 'no status'}.`)
    const data = JSON.parse(await readFile(summaryFile, 'utf8')) as K6Summary
    const summary = readSummary(data, profile, seconds, picked)
    const passed = profile.overload === 'break' ? summary.failed === 0 : status === 0
    return { summary, passed, k6Cores: (1000 * cpuSeconds) / data.state.testRunDurationMs }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const runK6 = async (k6: string, env: Record<string, string>) => {
  // An address would open a port from which the run can be changed.
  const flags = ['run', '--quiet', '--address=', '--log-format=raw', script]
  const child = spawn(k6, flags, {
    // Nothing else of this environment: scripts can read it, and k6 takes its settings from there.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      // Its garbage costs the machine that it shares more than memory does.
      GOGC: '400',
      K6_NO_USAGE_REPORT: 'true',
      K6_WEB_DASHBOARD: 'true',
      // No port: the dashboard is read once the run is over.
      K6_WEB_DASHBOARD_PORT: '-1',
      K6_WEB_DASHBOARD_PERIOD: '1s',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaints = new Set<string>()
  createInterface(child.stderr).on('line', (line) => {
    if (complaints.size < 10 && !complaints.has(line)) console.error(line)
    complaints.add(line)
  })
  let cpuSeconds = 0
  const timer = setInterval(() => void readCpu(child.pid).then((read) => (cpuSeconds = read ?? cpuSeconds)), 1000)
  // A Ctrl-C ends k6, too; what runs for it is stopped after it.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null))
    child.once('close', resolve)
  })
  clearInterval(timer)
  process.off('SIGINT', ignore)
  return { status, cpuSeconds }
}

/** The CPU time of a process in seconds, on Linux, which counts in hundredths. */
const readCpu = async (pid: number | undefined): Promise<number | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) / 100
}
