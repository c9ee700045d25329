import type { Options, Scenario, Threshold } from 'k6/options'
import type { LoadOperation } from '../operations.ts'
import { countDue, listStages, type Profile } from './profiles.ts'

/** Seconds in which k6 warms up caches and the compiler, before it measures for so many seconds. */
export const warmupSeconds = (seconds: number): number => Math.min(10, Math.ceil(seconds / 3))

/** Seconds between the warm-up and the measurement, in which the last answers arrive. */
export const pauseSeconds = 2

const buildScenarios = (profile: Profile, seconds: number): { warmup: Scenario; measured: Scenario } => {
  const { load } = profile
  const warmup = { duration: `${warmupSeconds(seconds)}s`, gracefulStop: `${pauseSeconds}s` }
  // Its end waits for longer than a request may take, so that one without an answer counts.
  const measured = { gracefulStop: '12s', startTime: `${warmupSeconds(seconds) + pauseSeconds}s` }
  if ('users' in load) {
    const users = { executor: 'constant-vus', vus: load.users } as const
    return { warmup: { ...users, ...warmup }, measured: { ...users, ...measured, duration: `${seconds}s` } }
  }
  const stages = listStages(profile, seconds)
  const most = Math.max(...stages.flatMap(({ from, to }) => [from, to]))
  const arrivals = {
    executor: 'ramping-arrival-rate',
    timeUnit: '1s',
    // Enough for answers that take a fifth of a second, and at most for a third of one: k6 uses all users in turn, each
    // with a connection of its own. What they cannot send is counted as dropped.
    preAllocatedVUs: Math.min(1000, Math.max(50, Math.ceil(most / 5))),
    maxVUs: Math.min(2000, Math.max(100, Math.ceil(most / 3))),
  } as const
  const { duration, gracefulStop } = warmup
  const targets = stages.map(({ to, seconds }) => ({ target: to, duration: `${Math.round(seconds * 1000)}ms` }))
  return {
    warmup: {
      ...arrivals,
      startRate: Math.ceil(load.from / 4),
      stages: [{ target: load.from, duration }],
      gracefulStop,
    },
    measured: { ...arrivals, ...measured, startRate: load.from, stages: targets },
  }
}

const measured = 'scenario:measured'

/** The parts of k6's metrics that are read. */
export const metrics = {
  answered: `http_req_duration{${measured},expected_response:true}`,
  answeredBy: (name: string) => `http_req_duration{${measured},name:${name}}`,
  checked: `checks{${measured}}`,
  dropped: `dropped_iterations{${measured}}`,
}

const buildThresholds = (profile: Profile, seconds: number, operations: readonly LoadOperation[]) => {
  // True of anything: k6 sums up a part of a metric only where a threshold names it.
  const any = ['max>=0']
  const names = operations.map(({ name }) => [metrics.answeredBy(name), any] as const)
  const all: Record<string, Threshold[]> = {
    [metrics.answered]: any,
    ...Object.fromEntries(names),
    [metrics.checked]: ['rate==1'],
  }
  if (profile.overload === 'break') {
    const broken = [{ threshold: 'count<1000', abortOnFail: true }]
    return { ...all, [metrics.dropped]: broken, refused: broken }
  }
  const due = countDue(profile, seconds)
  return {
    ...all,
    [metrics.dropped]: ['count>=0'],
    // A rate that was not kept was not measured.
    ...(due !== undefined && { [`iterations{${measured}}`]: [`count>=${Math.floor(due * 0.99)}`] }),
  }
}

/** The options of k6 for a profile. */
export const buildOptions = (profile: Profile, seconds: number, operations: readonly LoadOperation[]): Options => ({
  scenarios: buildScenarios(profile, seconds),
  thresholds: buildThresholds(profile, seconds, operations),
  systemTags: ['name', 'scenario', 'status', 'expected_response'],
  summaryTrendStats: ['count', 'avg', 'med', 'p(95)', 'p(99)'],
  // A request whose answer is read says so itself.
  discardResponseBodies: true,
})
