import http from 'k6/http'
import { ask } from './ask.ts'
import type { Name } from './mix.ts'
import { anyOperation, operations } from './operations.ts'
import { dueBy, type Profile, type ProfileName, profiles } from './profiles.ts'

// Run by `npm run perf`, which says by these variables what is to be done. IDS is read by ids.ts, URL by ask.ts.
const { PROFILE, SECONDS, WARMUP, ENDPOINT } = __ENV as Record<string, string>
const profile: Profile = profiles[PROFILE as ProfileName]
const seconds = Number(SECONDS)
const warmup = Number(WARMUP)
const overload = profile.overload === true

// Enough users for answers that take a fifth of a second, and at most for a third of one: k6 goes through all that it has in
// turn, each with a connection of its own. Those who are missing show as requests that were dropped.
const usersFor = (rate: number) => ({
  preAllocatedVUs: Math.min(1000, Math.max(50, Math.ceil(rate / 5))),
  maxVUs: Math.min(2000, Math.max(100, Math.ceil(rate / 3))),
})

// Longer than a request may take, so that one without an answer counts.
const gracefulStop = '12s'

const scenario = () => {
  const { load } = profile
  if ('users' in load) {
    const closed = { executor: 'constant-vus', vus: load.users, gracefulStop }
    return {
      warmup: { ...closed, duration: `${warmup}s`, gracefulStop: '2s' },
      measured: { ...closed, duration: `${seconds}s` },
    }
  }
  const users = usersFor(Math.max(load.from, ...load.steps.map(({ to }) => to)))
  const open = { executor: 'ramping-arrival-rate', ...users, timeUnit: '1s' }
  const stages = load.steps.map(({ to, share }) => ({
    target: to,
    duration: `${Math.round(share * seconds * 1000)}ms`,
  }))
  return {
    warmup: {
      ...open,
      startRate: Math.ceil(load.from / 4),
      stages: [{ target: load.from, duration: `${warmup}s` }],
      gracefulStop: '2s',
    },
    measured: { ...open, startRate: load.from, stages, gracefulStop },
  }
}

const thresholds = () => {
  if (profile.untilKnee) return {}
  const requests = dueBy(profile, seconds)
  return {
    'checks{scenario:measured}': ['rate==1'],
    'http_req_failed{scenario:measured}': ['rate==0'],
    // A rate that was not kept was not measured.
    ...(requests === undefined ? {} : { 'iterations{scenario:measured}': [`count>=${Math.floor(requests * 0.99)}`] }),
  }
}

const { warmup: warming, measured } = scenario()

/** What k6 does: it warms up the caches and the compiler, waits until that is answered, and measures. */
export const options = {
  scenarios: {
    ...(warmup > 0 && { warmup: warming }),
    measured: { ...measured, startTime: `${warmup > 0 ? warmup + 2 : 0}s` },
  },
  thresholds: thresholds(),
  systemTags: ['name', 'scenario', 'status'],
  // A request that is read says so itself.
  discardResponseBodies: true,
}

if (overload) http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 503))

/** One request of a virtual user. */
export default function request(): void {
  const name = (ENDPOINT as Name) || anyOperation()
  ask(name, operations[name](), overload)
}
