import { defineConfig } from 'vitest/config'

// The faults of one file follow one another on one shop.
export default defineConfig({
  test: { include: ['ops/faults/*.test.ts'], fileParallelism: false, hookTimeout: 60_000, testTimeout: 60_000 },
})
