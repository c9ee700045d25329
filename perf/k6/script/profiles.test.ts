import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { existingK6 } from '../findK6.ts'
import { mix, names } from './mix.ts'
import { dueBy, profiles } from './profiles.ts'

const execute = promisify(execFile)
const script = fileURLToPath(new URL('./load.ts', import.meta.url))
const k6 = await existingK6()

test('reads make 95 of a hundred requests', () => {
  const sum = (chosen: readonly (keyof typeof mix)[]) => chosen.reduce((total, name) => total + mix[name], 0)
  expect(sum(names)).toBeCloseTo(100)
  expect(sum(names.filter((name) => /^(?:get|list)/.test(name)))).toBeCloseTo(95)
})

test('says how many requests are due, at a steady rate and at one that changes', () => {
  expect(dueBy(profiles.single, 30)).toBe(45_000)
  expect(dueBy(profiles.single, 30, 2)).toBe(3000)
  expect(dueBy(profiles.break, 10)).toBe(60_500)
  expect(dueBy(profiles.break, 10, 5)).toBe(15_375)
  expect(dueBy(profiles.local, 30)).toBeUndefined()
})

type Options = { scenarios: Record<string, { startTime: string | null }>; thresholds: Record<string, string[]> | null }

test.skipIf(!k6).for(Object.keys(profiles))(
  'k6 understands %s (needs k6, which npm run perf finds or builds)',
  async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const ids = join(folder, 'ids.json')
    await writeFile(ids, JSON.stringify({ products: [1], reviews: [1], questions: [1], answers: [1], skus: [1] }))
    const given = { URL: 'http://127.0.0.1:1', IDS: ids, PROFILE: name, SECONDS: '10', WARMUP: '3', ENDPOINT: '' }
    const flags = Object.entries(given).flatMap(([key, value]) => ['-e', `${key}=${value}`])
    const { stdout } = await execute(k6 ?? '', ['inspect', ...flags, script])
    const { scenarios, thresholds } = JSON.parse(stdout) as Options
    expect(Object.keys(scenarios).toSorted()).toEqual(['measured', 'warmup'])
    expect(scenarios['measured']?.startTime).toBe('5s')
    const wanted = name === 'break' ? [] : ['checks{scenario:measured}', 'http_req_failed{scenario:measured}']
    expect(Object.keys(thresholds ?? {})).toEqual(expect.arrayContaining(wanted))
  },
)
