/** A mutant that no test can kill, and the reason. */
export type KnownSurvivor = {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly reason: string
}

export const knownSurvivors: readonly KnownSurvivor[] = [
  {
    file: 'router/runtimes/admission.ts',
    from: 'refused / refusalsPerMs',
    to: 'refused * refusalsPerMs',
    reason: 'The rate is 1 in a millisecond.',
  },
]
