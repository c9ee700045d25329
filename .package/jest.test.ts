import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { installIn, runIn } from './project.ts'

const { tarball } = inject('project')

test('Jest runs tests on a stub and on a database in process', async () => {
  const folder = await installIn([tarball, '@electric-sql/pglite', 'jest@30.5.2'])
  onTestFinished(() => rm(folder, { recursive: true }))
  await copyFile(join(import.meta.dirname, 'consumer/jest.test.js'), join(folder, 'shop.test.js'))
  const command = ['NODE_OPTIONS=--experimental-vm-modules', 'node_modules/.bin/jest', '--ci']
  expect(await runIn(folder, 'env', command)).toContain('3 passed, 3 total')
})
