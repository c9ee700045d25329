import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findInconsistent } from '../../db/verify.ts'
import type { Phase } from '../progress.ts'
import { contentOf, readRejects, useImporter } from '../test/importer.ts'

const importer = useImporter()
const script = fileURLToPath(new URL('../test/killedImport.ts', import.meta.url))

type Kill = readonly [phase: Phase, steps: number, afterMs?: number]

/** Kills in every phase, between steps and, after random milliseconds, within them. */
const kills: readonly Kill[] = [
  ...[1, 8, 20, 40].map((parts): Kill => ['loading rows', parts]),
  ...[5, 12].map((parts): Kill => ['loading rows', parts, 20 * Math.random()]),
  ...[0, 6, 12].map((steps): Kill => ['carrying over live rows', steps]),
  ...[0, 2, 4].map((steps): Kill => ['putting photos into rows', steps]),
  ...[1, 12, 25].map((steps): Kill => ['building indexes', steps]),
  ['building indexes', 26, 10 * Math.random()],
  ...[0, 3].map((steps): Kill => ['building derived tables', steps]),
  ...[1, 10].map((steps): Kill => ['checking references', steps]),
  ['replacing the live tables', 0],
  ['replacing the live tables', 0, 30 * Math.random()],
  ['replacing the live tables', 0, 30 + 60 * Math.random()],
]

/** The exit of an import that is killed at a phase and step, or runs to its end. */
const runKilled = (folder: string, rejects: string, [phase, steps, afterMs = 0]: Kill | readonly [string, number]) =>
  new Promise<{ out: string; ended: string | number | null }>((resolve) => {
    const words = [importer.url, folder, rejects, phase, steps, afterMs].map(String)
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...words])
    let out = ''
    child.stdout.on('data', (data) => (out += String(data)))
    child.stderr.on('data', (data) => (out += String(data)))
    child.on('close', (status, signal) => resolve({ out: out.trim(), ended: signal ?? status }))
  })

test('an import that is killed 23 times goes on each time, and ends as one that nobody disturbed', async () => {
  const [before, folder] = await Promise.all([importer.generate(260, 2), importer.generate(200, 1)])
  await importer.load(before)
  const old = await contentOf(importer.sql)
  const { rejects } = await importer.load(folder)
  const undisturbed = await contentOf(importer.sql)
  expect(undisturbed).not.toEqual(old)

  await importer.load(before, { isFresh: true })
  expect(await contentOf(importer.sql)).toEqual(old)
  const path = join(await importer.write({}), 'rejects.csv')
  expect(kills).toHaveLength(23)
  for (const [index, kill] of kills.entries()) {
    const { out, ended } = await runKilled(folder, path, kill)
    // An import that is killed so late can be complete.
    if (kill[0] === 'replacing the live tables' && kill[2]) continue
    expect({ kill, out, ended }).toEqual({ kill, out: index === 0 ? 'begins' : 'goes on', ended: 'SIGKILL' })
    if (index % 5 === 0) expect(await contentOf(importer.sql)).toEqual(old)
  }
  expect(await runKilled(folder, path, ['never', 0])).toMatchObject({ ended: 0 })

  expect(await contentOf(importer.sql)).toEqual(undisturbed)
  expect(await readRejects(path).catch(() => [])).toEqual(rejects)
  expect(await findInconsistent(importer.sql)).toEqual([])
  expect(await importer.sql`select nspname from pg_namespace where nspname in ('staging', 'retired')`).toEqual([])
}, 180_000)
