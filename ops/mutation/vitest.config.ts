import { defineConfig } from 'vitest/config'

// Stryker runs this in copies of the tree, so paths are relative to them.
export default defineConfig({
  test: {
    include: (process.env.ATELIER_MUTATION_TESTS ?? '').split(' '),
    globalSetup: 'db/test/setup.ts',
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
