import { defineConfig } from 'vitest/config'

// The hosts are shared, so the files run one after another. `npm run test:ops` gives them a network of their own.
export default defineConfig({
  test: {
    include: [
      'ops/test/*.test.ts',
      'ops/systemd/*.test.ts',
      'ops/observability/*.test.ts',
      'router/{app.contract,app.clients,app.cors,app.errors,app.incidents,cart}.test.ts',
    ],
    reporters: ['default', './ops/test/privacyReporter.ts'],
    globalSetup: 'ops/test/setup.ts',
    fileParallelism: false,
    hookTimeout: 120_000,
    testTimeout: 120_000,
  },
})
