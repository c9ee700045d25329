import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{handlers,router,db,importer,ops,perf}/**/*.test.ts'],
    // These need hosts of their own: npm run test:ops.
    exclude: ['ops/test/**'],
    globalSetup: 'db/test/setup.ts',
    // Vitest leaves a core to itself, and most of these wait for servers and processes.
    maxWorkers: '100%',
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
