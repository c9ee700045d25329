/** One node, the balancer before two nodes, or the balancer with its cache. */
export type Topology = 'node' | 'balancer' | 'cache'

/** An arrival rate that begins at `from` and moves to each rate within its share of the time. */
type Arrivals = { readonly from: number; readonly steps: readonly (readonly [to: number, share: number])[] }

export type Profile = {
  readonly about: string
  readonly topology: Topology
  readonly seconds: number
  /** Requests that come at a rate, or so many users, each of whom sends one as soon as the last is answered. */
  readonly load: Arrivals | { readonly users: number }
  /** The figures of the replaced system under such a load. */
  readonly replaced?: { readonly rps: number; readonly mean_ms: number }
  /** Refusals with `Retry-After` are right answers; a `break` also ends, and passes, when the API does not keep up. */
  readonly overload?: 'spike' | 'break'
}

const steady = (rate: number): Arrivals => ({ from: rate, steps: [[rate, 1]] })

/** A load that the replaced system was tested with. */
const repeat = (topology: Topology, about: string, load: Profile['load'], rps: number, mean_ms: number) =>
  ({ about, topology, seconds: 30, load, replaced: { rps, mean_ms } }) satisfies Profile

/** The loads, by name. */
export const profiles = {
  local: repeat('node', '1100 users without a pause against one node', { users: 1100 }, 6332, 170),
  single: repeat('node', '1500 requests a second against one node', steady(1500), 1500, 987),
  balanced: repeat('balancer', '2500 requests a second through NGINX, without its cache', steady(2500), 2500, 47),
  cached: repeat('cache', '4000 requests a second through NGINX with its cache', steady(4000), 4000, 38),
  spike: {
    about: 'a quiet shop, ten times its visitors for a third of the time, and a quiet shop again',
    topology: 'balancer',
    seconds: 30,
    // prettier-ignore
    load: { from: 500, steps: [[500, 0.3], [5000, 0.05], [5000, 0.3], [500, 0.05], [500, 0.3]] },
    overload: 'spike',
  },
  soak: { about: '500 requests a second for ten minutes', topology: 'cache', seconds: 600, load: steady(500) },
  break: {
    about: 'more and more requests, until the API no longer keeps up',
    topology: 'balancer',
    seconds: 120,
    load: { from: 100, steps: [[12_000, 1]] },
    overload: 'break',
  },
} satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles

/** The stages of a load of so many seconds: the length of each, and the rates at its ends. Users have none. */
export const listStages = ({ load }: Profile, seconds: number) =>
  'users' in load
    ? []
    : load.steps.map(([to, share], index) => ({
        seconds: share * seconds,
        from: load.steps[index - 1]?.[0] ?? load.from,
        to,
      }))

/** The requests that are due in a load of so many seconds, where it says when they come. */
export const countDue = (profile: Profile, seconds: number): number | undefined => {
  if ('users' in profile.load) return undefined
  return listStages(profile, seconds).reduce((sum, stage) => sum + ((stage.from + stage.to) / 2) * stage.seconds, 0)
}

/** The rate at a moment of a load of so many seconds. */
export const rateAt = (profile: Profile, seconds: number, moment: number): number => {
  let left = moment
  for (const stage of listStages(profile, seconds)) {
    if (left <= stage.seconds) return stage.from + ((stage.to - stage.from) * left) / stage.seconds
    left -= stage.seconds
  }
  return 0
}
