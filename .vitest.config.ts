import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{handlers,router,db,importer,ops}/**/*.test.ts'],
    globalSetup: 'db/test.setup.ts',
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
})
