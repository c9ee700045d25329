import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../db/test/database.ts'
import { serveNode } from '../../router/runtimes/node.ts'
import { findK6 } from './findK6.ts'
import type { Summary } from './summary.ts'

const k6 = await findK6()

const perf = (words: readonly string[], env: Record<string, string> = {}) =>
  new Promise<{ status: number; output: string; complaint: string }>((resolve) => {
    const options = { env: { ...process.env, ...env } }
    execFile(process.execPath, ['--import', 'tsx', 'perf/k6/run.ts', ...words], options, (error, output, complaint) =>
      resolve({ status: error ? Number(error.code) : 0, output, complaint }),
    )
  })

test('explains itself, and names the profiles', async () => {
  const { status, output } = await perf(['--help'])
  expect(status).toBe(0)
  expect(output).toMatch(/^npm run perf -- <profile>.*local.*single.*balanced.*cached.*spike.*soak.*break/s)
})

test('a mistake is one line that names the fix', async () => {
  const { status, complaint } = await perf(['single', '--duration', '0'])
  expect(status).toBe(1)
  expect(complaint).toBe('--duration is 0: give it a whole number from 1.\n')
})

const withK6 = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return { folder, env: { ATELIER_DATA: folder, PATH: [dirname(k6 ?? ''), process.env.PATH].join(delimiter) } }
}

test.skipIf(!k6)('an API that is not there is one line (needs k6)', async () => {
  const { env } = await withK6()
  const { status, complaint } = await perf(['soak', '--url', 'http://127.0.0.1:1'], env)
  expect(status).toBe(1)
  expect(complaint).toBe('Nothing answers at http://127.0.0.1:1: start the API there, or leave out --url.\n')
})

const serve = async () => {
  const database = await createDatabase({ fixture: true })
  onTestFinished(database.drop)
  const server = await serveNode({ url: database.url, host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.stop({ drainMs: 0 }))
  return { sql: database.sql, url: `http://127.0.0.1:${server.port}` }
}

test.skipIf(!k6)('every answer of a node holds (needs k6)', async () => {
  const { url } = await serve()
  const { folder, env } = await withK6()
  const json = join(folder, 'run.json')

  const { output, complaint } = await perf(['soak', '--url', url, '--duration', '3', '--json', json], env)
  const run = JSON.parse(await readFile(json, 'utf8').catch(() => JSON.stringify({ complaint }))) as Summary
  expect(run, complaint).toMatchObject({ failed: 0, refused: 0 })
  expect(run.answered).toBeGreaterThan(0)
  expect(Object.keys(run.operations)).toEqual(expect.arrayContaining(['getProduct', 'getReviewMeta']))
  const [report = ''] = await readdir(join(folder, 'reports'))
  expect(output).toContain(report)
  expect(await readFile(join(folder, 'reports', report), 'utf8')).toMatch(/k6 (report|dashboard)/i)
})

test.skipIf(!k6)('an answer of another shape fails the run (needs k6)', async () => {
  const { sql, url } = await serve()
  await sql`update product_documents set features = '[{"feature": "Fabric", "value": 1}]'`
  const { env } = await withK6()
  const words = ['soak', '--url', url, '--pick', 'getProduct', '--duration', '1']
  const { status, complaint } = await perf(words, env)
  expect(status).toBe(1)
  expect(complaint).toMatch(/^GET \/products\/\d+ answered 200 \{"id":/m)
  expect(complaint).toContain('The run did not pass: ')
})
