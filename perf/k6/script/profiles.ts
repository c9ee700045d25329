/** What is loaded: one node, the balancer before two nodes, or the balancer with its cache. */
export type Target = 'node' | 'balancer' | 'cache'

/** So many virtual users, each of whom asks again as soon as it is answered. */
type Closed = { readonly users: number }

/** Requests that come at a rate, whatever the answers take: it begins at `from`, and each step leads to another in its share of the time. */
type Open = { readonly from: number; readonly steps: readonly { readonly to: number; readonly share: number }[] }

/** A load, and what it repeats or is for. */
export type Profile = {
  readonly about: string
  readonly target: Target
  readonly seconds: number
  readonly load: Closed | Open
  /** What the replaced system was measured to do under such a load. */
  readonly replaced?: { readonly rps: number; readonly mean_ms: number }
  /** Refusals with `Retry-After` are right answers here. */
  readonly overload?: true
  /** Nothing fails: it goes on until the API no longer keeps up. */
  readonly untilKnee?: true
}

const steady = (rate: number): Open => ({ from: rate, steps: [{ to: rate, share: 1 }] })

/** The loads, by name. The first four are those that the replaced system was tested with. */
export const profiles = {
  local: {
    about: '1100 users without a pause against one node',
    target: 'node',
    seconds: 30,
    load: { users: 1100 },
    replaced: { rps: 6332, mean_ms: 170 },
  },
  single: {
    about: '1500 requests a second against one node',
    target: 'node',
    seconds: 30,
    load: steady(1500),
    replaced: { rps: 1500, mean_ms: 987 },
  },
  balanced: {
    about: '2500 requests a second through NGINX to two nodes, without its cache',
    target: 'balancer',
    seconds: 30,
    load: steady(2500),
    replaced: { rps: 2500, mean_ms: 47 },
  },
  cached: {
    about: '4000 requests a second through NGINX with its cache',
    target: 'cache',
    seconds: 30,
    load: steady(4000),
    replaced: { rps: 4000, mean_ms: 38 },
  },
  spike: {
    about: 'a quiet shop, ten times its visitors for a third of the time, and a quiet shop again',
    target: 'balancer',
    seconds: 30,
    load: {
      from: 500,
      steps: [
        { to: 500, share: 0.3 },
        { to: 5000, share: 0.05 },
        { to: 5000, share: 0.3 },
        { to: 500, share: 0.05 },
        { to: 500, share: 0.3 },
      ],
    },
    overload: true,
  },
  soak: {
    about: '500 requests a second for as long as you like',
    target: 'cache',
    seconds: 600,
    load: steady(500),
  },
  break: {
    about: 'more and more requests, until the API no longer keeps up',
    target: 'balancer',
    seconds: 120,
    load: { from: 100, steps: [{ to: 12_000, share: 1 }] },
    overload: true,
    untilKnee: true,
  },
} satisfies Record<string, Profile>

/** The name of a load. */
export type ProfileName = keyof typeof profiles

/** The requests that are due in the first `until` seconds of a load that lasts so many, where it says when they come. */
export const dueBy = ({ load }: Profile, seconds: number, until = seconds): number | undefined => {
  if ('users' in load) return undefined
  let requests = 0
  let rate = load.from
  let left = until
  for (const { to, share } of load.steps) {
    const long = share * seconds
    const during = Math.min(long, Math.max(left, 0))
    const reached = rate + ((to - rate) * during) / long
    requests += ((rate + reached) / 2) * during
    left -= long
    rate = to
  }
  return requests
}
