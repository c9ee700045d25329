// The thread is that of the last mutant, which a test file must not meet while it is read.
const { __stryker__: stryker } = globalThis as { __stryker__?: { activeMutant?: string | undefined } }
if (stryker) stryker.activeMutant = undefined
