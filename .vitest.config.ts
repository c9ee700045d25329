import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{handlers,router,db,importer,ops,perf}/**/*.test.ts'],
    // These need hosts of their own (npm run test:ops), or minutes (npm run test:faults).
    exclude: ['ops/test/**', 'ops/faults/{faults,schedules}.test.ts'],
    reporters: ['default', './ops/test/privacyReporter.ts'],
    globalSetup: 'db/test/setup.ts',
    // Vitest leaves a core to itself, and most of these wait for servers and processes.
    maxWorkers: '100%',
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
