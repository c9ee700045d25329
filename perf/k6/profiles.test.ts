import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { isRead, operations } from '../operations.ts'
import { findK6 } from './findK6.ts'
import { describeOperations, mix, weigh } from './mix.ts'
import { buildOptions } from './options.ts'
import { countDue, type ProfileName, profiles, rateAt } from './profiles.ts'

const execute = promisify(execFile)
const script = fileURLToPath(new URL('script/main.ts', import.meta.url))
const k6 = await findK6()

test('reads make 95 of a hundred requests', () => {
  const sum = (chosen: typeof operations) => chosen.reduce((total, operation) => total + weigh(operation), 0)
  const named = operations.filter(({ id }) => Object.hasOwn(mix, id))
  expect(sum(named)).toBeCloseTo(100)
  expect(sum(named.filter(isRead))).toBeCloseTo(95)
})

test('says how many requests are due, and when, at a steady rate and at one that changes', () => {
  expect(countDue(profiles.single, 30)).toBe(45_000)
  expect(countDue(profiles.break, 10)).toBe(60_500)
  expect(countDue(profiles.local, 30)).toBeUndefined()
  expect(rateAt(profiles.single, 30, 2)).toBe(1500)
  expect(rateAt(profiles.break, 10, 5)).toBe(6050)
  expect(rateAt(profiles.spike, 100, 50)).toBe(5000)
})

type Options = { scenarios: Record<string, { startTime: string | null }>; thresholds: Record<string, string[]> | null }

test.skipIf(!k6).for(Object.keys(profiles) as ProfileName[])('k6 understands %s (needs k6)', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const files = {
    OPTIONS: buildOptions(profiles[name], 10, operations),
    OPERATIONS: describeOperations(operations),
    IDS: { products: [1], pages: [1], reviews: [1], questions: [1], answers: [1], skus: [1] },
  }
  const flags: string[] = []
  for (const [variable, value] of Object.entries(files)) {
    const file = join(folder, variable)
    await writeFile(file, JSON.stringify(value))
    flags.push('-e', `${variable}=${file}`)
  }
  const { stdout } = await execute(k6 ?? '', ['inspect', ...flags, script])
  const { scenarios, thresholds } = JSON.parse(stdout) as Options
  expect(Object.keys(scenarios).toSorted()).toEqual(['measured', 'warmup'])
  expect(scenarios['measured']?.startTime).toBe('6s')
  const wanted = ['checks{scenario:measured}', ...(name === 'break' ? ['refused'] : [])]
  expect(Object.keys(thresholds ?? {})).toEqual(expect.arrayContaining(wanted))
})
