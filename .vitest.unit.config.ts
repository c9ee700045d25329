import { defineConfig } from 'vitest/config'

/** Tests of handlers and routes, on a PostgreSQL in the process of the test: they need no server. */
export default defineConfig({
  test: {
    include: [
      'handlers/**/*.test.ts',
      'router/*.test.ts',
      'router/{input,openapi,pages}/*.test.ts',
      'db/testing/*.test.ts',
    ],
    exclude: ['**/*.browser.test.ts'],
    // Starting that takes longer than most files do, so all files of a worker share one.
    isolate: false,
    maxWorkers: 2,
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
