import { defineConfig } from 'vitest/config'

/** One list of requests to the API in each runtime, which npm brings at the first run. */
export default defineConfig({
  test: {
    include: ['router/runtimes/test/suite/runtimes.suite.ts'],
    globalSetup: 'db/test/setup.ts',
    hookTimeout: 300_000,
    testTimeout: 30_000,
  },
})
