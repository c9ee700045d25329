import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Problem } from '../../db/problem.ts'
import { type Cores, watchCores } from './cpu.ts'
import type { Ids } from './ids.ts'
import type { Profile, ProfileName } from './script/profiles.ts'
import { createSamples, type Interval, kneeOf, type Samples } from './samples.ts'

const script = fileURLToPath(new URL('./script/load.ts', import.meta.url))

/** What k6 is to do. Times are in seconds; without an endpoint, all are asked as the mix has them. */
export type Order = {
  readonly k6: string
  readonly url: string
  readonly ids: Ids
  readonly name: ProfileName
  readonly profile: Profile
  readonly seconds: number
  readonly warmup: number
  readonly endpoint: string
  /** Processes that are watched, with all that they started. */
  readonly roots: readonly number[]
  /** Told every second what the last whole interval was like, once there is one. */
  readonly tell: (latest: Interval | undefined) => void
}

/** What came of it. */
export type Measured = {
  readonly samples: Samples
  readonly held: boolean
  readonly complaints: readonly string[]
  readonly knee: Interval | undefined
  readonly coresOverTime: readonly { readonly at: number; readonly cores: Cores }[]
}

// What k6's exit status says besides 0.
const thresholdsCrossed = 99
const stopped = 105

/** Runs k6 on an API that is ready, and sums up what it measures as it comes. */
export const measure = async (order: Order): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    const file = join(folder, 'ids.json')
    await writeFile(file, JSON.stringify(order.ids))
    return await run(order, file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const run = async ({ k6, url, name, profile, seconds, warmup, endpoint, roots, tell }: Order, ids: string) => {
  const samples = createSamples(seconds)
  // An address would open a port from which the run can be changed.
  const flags = ['run', '--quiet', '--summary-mode=disabled', '--address=', '--log-format=raw', '--out=csv=-', script]
  const child = spawn(k6, flags, {
    // Nothing else of this environment: scripts can read it, and k6 takes its settings from there.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      // Its garbage costs the machine that it shares more than memory does.
      GOGC: '400',
      K6_NO_USAGE_REPORT: 'true',
      K6_CSV_TIME_FORMAT: 'unix_milli',
      URL: url,
      IDS: ids,
      PROFILE: name,
      SECONDS: String(seconds),
      WARMUP: String(warmup),
      ENDPOINT: endpoint,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaints = new Set<string>()
  let knee: Interval | undefined
  // What is cut short beyond the knee says nothing.
  createInterface(child.stdout).on('line', (line) => knee ?? samples.take(line))
  createInterface(child.stderr).on('line', (line) => knee ?? (complaints.size < 10 && complaints.add(line)))

  const look = watchCores(roots)
  const looks: { time: number; cores: Cores }[] = []
  const timer = setInterval(() => {
    void look().then((cores) => looks.push({ time: Date.now(), cores }))
    const intervals = samples.intervals()
    tell(intervals.at(-2))
    if (!profile.untilKnee || knee) return
    knee = kneeOf(intervals.slice(0, -1))
    if (knee) child.kill('SIGINT')
  }, 1000)
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    child.kill('SIGINT')
  }
  process.on('SIGINT', interrupt)
  const status = await new Promise<number | null | undefined>((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', resolve)
  }).finally(() => {
    clearInterval(timer)
    process.off('SIGINT', interrupt)
  })

  if (interrupted) throw new Problem('Interrupted: there is no report.')
  if (status !== 0 && status !== thresholdsCrossed && !(knee && status === stopped)) {
    throw new Problem(`k6 ended with ${status ?? 'no answer'}: ${[...complaints].at(-1) ?? 'it said nothing'}`)
  }
  const begin = samples.begin() ?? 0
  const coresOverTime = looks
    .map(({ time, cores }) => ({ at: (time - begin) / 1000, cores }))
    .filter(({ at }) => at > 0.5 && at <= seconds)
  return { samples, held: status !== thresholdsCrossed, complaints: [...complaints], knee, coresOverTime }
}
