import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, inject, test } from 'vitest'
import { compilerOptions, runIn, snippets } from './project.ts'

const { folder, tarball } = inject('project')
const run = (command: string, ...options: string[]) => runIn(folder, command, options)

test('the README has five steps', async () => {
  const names = (await snippets()).map(([name]) => name)
  expect(names).toEqual(['rating.ts', 'api.ts', 'rating.test.ts', 'server.ts', 'page.ts'])
})

test('the package is small, has no tests and runs no script when it is installed', async () => {
  expect((await stat(tarball)).size).toBeLessThan(100_000)
  expect(await run('tar', '-tzf', tarball)).not.toMatch(/test\.|\.test-d/)
  const { scripts } = JSON.parse(await readFile(join(folder, 'node_modules/atelierx/package.json'), 'utf8'))
  expect(scripts).toBeUndefined()
})

test('publint and attw find nothing', async () => {
  expect(await run('npx', '--yes', 'publint@0.3.25', tarball, '--strict')).toContain('All good!')
  // Ends with 1 where it finds something.
  await run('npx', '--yes', '@arethetypeswrong/cli@0.18.5', tarball, '--profile', 'esm-only')
})

describe.each(['typescript', 'old-typescript'])('for %s', (compiler) => {
  test.each(['nodenext', 'preserve'])(
    'all types are sound with module %s, those of the package included',
    async (module) => {
      const config = `tsconfig.${compiler}.${module}.json`
      const options = { ...compilerOptions, module, noEmit: true }
      await writeFile(join(folder, config), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }))
      expect(await run('node', `node_modules/${compiler}/bin/tsc`, '-p', config)).toBe('')
    },
  )
})

/** The bytes of a bundled module, for a browser or Worker; bundling fails if it imports a module of Node. */
const sizeOf = async (...lines: string[]): Promise<number> => {
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles?.[0]?.contents.byteLength ?? 0
}

test('three handlers and the router are at most 160 KiB in a bundle, and the client 2 KiB', async () => {
  const size = await sizeOf(
    "import { addReview } from 'atelierx/handlers/reviews/addReview'",
    "import { getReviewMeta } from 'atelierx/handlers/reviews/getReviewMeta'",
    "import { listReviews } from 'atelierx/handlers/reviews/listReviews'",
    "import { createApp } from 'atelierx/router'",
    'export default (db) => createApp({ addReview, getReviewMeta, listReviews }, db)',
  )
  expect(size).toBeLessThanOrEqual(160 * 1024)
  expect(await sizeOf("export * from 'atelierx/client'")).toBeLessThanOrEqual(2 * 1024)
})
