import { defineConfig } from 'vitest/config'
import type { TestProject } from 'vitest/node'
import { lastingThread } from './lastingThread.ts'

// Stryker runs this in copies of the tree, so paths are relative to them.
export default defineConfig({
  plugins: [
    {
      name: 'lasting-thread',
      // Stryker sets a pool of its own, after this file is read.
      configureVitest: ({ project }: { project: TestProject }) => {
        Object.assign(project.config, { pool: lastingThread.name, poolRunner: lastingThread })
      },
    },
  ],
  test: {
    include: (process.env.ATELIER_MUTATION_TESTS ?? '').split(' '),
    globalSetup: 'db/test/setup.ts',
    setupFiles: 'ops/mutation/unchanged.ts',
    isolate: false,
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
