import type { Options, Scenario, Threshold } from 'k6/options'
import type { Operation } from '../operations.ts'
import { countDue, listParts, type Profile } from './profiles.ts'

// Enough users for answers that take a fifth of a second, and at most for a third of one: k6 goes through all that it
// has in turn, each with a connection of its own. What they cannot send is counted as dropped.
const usersFor = (rate: number) => ({
  preAllocatedVUs: Math.min(1000, Math.max(50, Math.ceil(rate / 5))),
  maxVUs: Math.min(2000, Math.max(100, Math.ceil(rate / 3))),
})

// Longer than a request may take, so that one without an answer counts.
const gracefulStop = '12s'

/** How long k6 warms up the caches and the compiler before it measures for so many seconds. */
export const warmupSeconds = (seconds: number): number => Math.min(10, Math.ceil(seconds / 3))

const buildScenarios = (profile: Profile, seconds: number): { warmup: Scenario; measured: Scenario } => {
  const warmup = warmupSeconds(seconds)
  // The two seconds are for what the warm-up still waits for.
  const startTime = `${warmup + 2}s`
  const { load } = profile
  if ('users' in load) {
    const closed = { executor: 'constant-vus', vus: load.users } as const
    return {
      warmup: { ...closed, duration: `${warmup}s`, gracefulStop: '2s' },
      measured: { ...closed, duration: `${seconds}s`, gracefulStop, startTime },
    }
  }
  const parts = listParts(profile, seconds)
  const users = usersFor(Math.max(...parts.flatMap(({ from, to }) => [from, to])))
  const open = { executor: 'ramping-arrival-rate', ...users, timeUnit: '1s' } as const
  return {
    warmup: {
      ...open,
      startRate: Math.ceil(load.from / 4),
      stages: [{ target: load.from, duration: `${warmup}s` }],
      gracefulStop: '2s',
    },
    measured: {
      ...open,
      startRate: load.from,
      stages: parts.map(({ to, seconds }) => ({ target: to, duration: `${Math.round(seconds * 1000)}ms` })),
      gracefulStop,
      startTime,
    },
  }
}

const measured = 'scenario:measured'
export const answered = `http_req_duration{${measured},expected_response:true}`
export const checked = `checks{${measured}}`
export const dropped = `dropped_iterations{${measured}}`
export const answeredBy = (name: string): string => `http_req_duration{${measured},name:${name}}`

const buildThresholds = (profile: Profile, seconds: number, operations: readonly Operation[]) => {
  const due = countDue(profile, seconds)
  const limits: Record<string, Threshold[]> = { [checked]: ['rate==1'] }
  // A rate that was not kept was not measured.
  if (due !== undefined) limits[`iterations{${measured}}`] = [`count>=${Math.floor(due * 0.99)}`]
  const broken = { threshold: 'count<1000', abortOnFail: true }
  const names = operations.map(({ name }) => [answeredBy(name), ['max>=0']])
  return {
    // Always true: k6 sums up a part of a metric only where a threshold names it.
    [answered]: ['max>=0'],
    ...(Object.fromEntries(names) as Record<string, Threshold[]>),
    [dropped]: ['count>=0'],
    ...(profile.untilBroken ? { [dropped]: [broken], refused: [broken] } : limits),
  }
}

/** What k6 is to do for a profile. */
export const buildOptions = (profile: Profile, seconds: number, operations: readonly Operation[]): Options => ({
  scenarios: buildScenarios(profile, seconds),
  thresholds: buildThresholds(profile, seconds, operations),
  systemTags: ['name', 'scenario', 'status', 'expected_response'],
  summaryTrendStats: ['count', 'avg', 'med', 'p(95)', 'p(99)'],
  // A request whose answer is read says so itself.
  discardResponseBodies: true,
})
