import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FileReport } from './loadFile.ts'
import { progressOn } from './progress.ts'

const report: FileReport = {
  file: 'skus.csv',
  table: 'skus',
  read: 12_000,
  loaded: 11_999,
  rejected: 1,
  repaired: 0,
  repairs: [],
  seconds: 12,
}

const streamOf = (isTTY: boolean) => {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, rows: 40 }) as unknown as NodeJS.WriteStream
  return { stream, written: () => String(stream.read() ?? '') }
}

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
afterEach(() => vi.useRealTimers())

test('off a terminal, a short file is one line', () => {
  const { stream, written } = streamOf(false)
  const progress = progressOn(stream)
  progress.start('skus.csv', 1000)
  progress.read(1000, 12_000)
  progress.merge()
  progress.finish(report)
  expect(written()).toBe('skus.csv: 12,000 read, 11,999 loaded, 1 rejected, 12.0 s\n')
})

test('off a terminal, a long file tells every five seconds how far it is', () => {
  const { stream, written } = streamOf(false)
  const progress = progressOn(stream)
  progress.start('skus.csv', 1000)
  vi.advanceTimersByTime(4000)
  progress.read(250, 4000)
  vi.advanceTimersByTime(1000)
  expect(written()).toBe('skus.csv: 4,000 rows, 800 rows/s, 0:15 left\n')
  progress.merge()
  vi.advanceTimersByTime(5000)
  expect(written()).toBe('skus.csv: merging 4,000 rows\n')
  progress.stop()
  vi.advanceTimersByTime(60_000)
  expect(written()).toBe('')
})

test('on a terminal, a file is a bar', () => {
  const { stream, written } = streamOf(true)
  const progress = progressOn(stream)
  progress.start('skus.csv', 1000)
  vi.advanceTimersByTime(10_000)
  progress.read(1000, 12_000)
  progress.finish(report)
  expect(written()).toMatch(/skus\.csv .*100 %, 12,000 rows, 1,200 rows\/s, 12\.0 s/)
})
