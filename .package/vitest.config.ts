import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The package as others have it: built, packed, installed in projects outside of this one. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['.package/*.test.ts'],
    globalSetup: ['db/test/setup.ts', '.package/setup.ts'],
    hookTimeout: 300_000,
    testTimeout: 120_000,
  },
})
