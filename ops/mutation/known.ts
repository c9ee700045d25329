/** A change that no test notices, and why none should. */
export type Known = { readonly file: string; readonly from: string; readonly to: string; readonly reason: string }

export const known: readonly Known[] = [
  {
    file: 'router/runtimes/admission.ts',
    from: 'refused / refusalsPerMs',
    to: 'refused * refusalsPerMs',
    reason: 'The rate is 1 in a millisecond.',
  },
]
