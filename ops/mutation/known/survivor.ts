/** A mutant that no test can kill, as a change of code that occurs once in its file, and the reason. */
export type KnownSurvivor = {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly reason: string
}

export const equivalent =
  (reason: string) =>
  (file: string, ...pairs: [from: string, to: string][]): KnownSurvivor[] =>
    pairs.map(([from, to]) => ({ file, from, to, reason }))

export const forTypes = equivalent('Only the compiler needs this branch: it never runs.')
export const pacing = equivalent(
  'The polling interval changes only the load, and `ref` only whether the timer keeps the process alive.',
)
export const faster = equivalent('Both ways give the same result; this one is faster.')
