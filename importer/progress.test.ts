import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { progressOn } from './progress.ts'
import type { FileReport } from './report/report.ts'

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

const files = [
  { name: 'styles.csv', bytes: 1000 },
  { name: 'skus.csv', bytes: 3000 },
]

test('off a terminal, a file and a phase are a line', () => {
  const { stream, written } = streamOf(false)
  const progress = progressOn(stream)
  progress.begin(files, false)
  progress.read({ file: 'skus.csv', bytes: 3000, rows: 12_000, rejected: 1 })
  progress.loaded(report)
  progress.phase('loading rows', 0, 0)
  progress.phase('carrying over live rows', 0, 0)
  progress.phase('carrying over live rows', 0, 3)
  progress.phase('carrying over live rows', 0, 4)
  progress.phase('building indexes', 0, 20)
  progress.phase('building indexes', 1, 20)
  expect(written()).toBe(
    'skus.csv: 12,000 read, 11,999 loaded, 1 rejected, 12.0 s\ncarrying over live rows\nbuilding indexes\n',
  )
  progress.stop()
})

test('off a terminal, a long import tells every five seconds how far it is', () => {
  const { stream, written } = streamOf(false)
  const progress = progressOn(stream)
  progress.begin(files, true)
  expect(written()).toBe('Going on with the import of these files that was interrupted.\n')
  progress.read({ file: 'styles.csv', bytes: 1000, rows: 4000, rejected: 0 })
  vi.advanceTimersByTime(5000)
  expect(written()).toBe('loading rows: 25 %, 4,000 rows, 800 rows/s, 0.0 MB/s, 0:15 left\n')
  progress.phase('building indexes', 0, 20)
  progress.phase('building indexes', 7, 20)
  vi.advanceTimersByTime(5000)
  expect(written()).toBe('building indexes\nbuilding indexes: 7 of 20\n')
  progress.stop()
  vi.advanceTimersByTime(60_000)
  expect(written()).toBe('')
})

test('on a terminal, a file, all files and a phase are a bar each', () => {
  const { stream, written } = streamOf(true)
  const progress = progressOn(stream)
  progress.begin(files, false)
  vi.advanceTimersByTime(10_000)
  progress.read({ file: 'skus.csv', bytes: 3000, rows: 12_000, rejected: 1 })
  progress.loaded(report)
  progress.phase('building indexes', 10, 20)
  progress.stop()
  const text = written()
  expect(text).toMatch(/all files .*75 % {2}12,000 rows, 1,200 rows\/s, 0\.0 MB\/s, 0:03 left/)
  expect(text).toMatch(/skus\.csv .*100 % {2}11,999 loaded, 1 rejected, 12\.0 s/)
  expect(text).toMatch(/building indexes .*50 % {2}10 of 20/)
})
