import cliProgress from 'cli-progress'
import type { FileReport } from './loadFile.ts'

/** What is told while files are imported, one after the other. */
export type Progress = {
  readonly start: (file: string, bytes: number) => void
  /** How far the file is read, in bytes and in rows. */
  readonly read: (bytes: number, rows: number) => void
  /** All rows are at the server, which now makes them the table's. */
  readonly merge: () => void
  readonly finish: (report: FileReport) => void
  /** All files are loaded, and what is kept ready of their rows is made anew. */
  readonly rebuild: () => void
  /** Called when an import fails within a file. */
  readonly stop: () => void
}

const nothing = () => {}

/** Tells nothing. */
export const silent: Progress = {
  start: nothing,
  read: nothing,
  merge: nothing,
  finish: nothing,
  rebuild: nothing,
  stop: nothing,
}

/** Bars on a terminal; elsewhere a line a file, and one every few seconds for a long one. */
export const progressOn = (stream: NodeJS.WriteStream = process.stderr): Progress =>
  stream.isTTY ? bars(stream) : lines(stream)

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const perSecond = (rows: number, start: number): string =>
  `${whole.format(rows / Math.max((performance.now() - start) / 1000, 0.001))} rows/s`

const rebuilding = 'Adding up reviews and preparing documents'

const bars = (stream: NodeJS.WriteStream): Progress => {
  const format = '{file} {bar} {percentage} %, {rows} rows, {state}'
  const bar = new cliProgress.SingleBar({ format, stream, hideCursor: true }, cliProgress.Presets.shades_classic)
  let started = 0
  return {
    start: (file, bytes) => {
      started = performance.now()
      bar.start(bytes, 0, { file: file.padEnd(26), rows: '0', state: '' })
    },
    read: (bytes, rows) => {
      const state = `${perSecond(rows, started)}, ${timeLeft(started, bytes, bar.getTotal())} left`
      bar.update(bytes, { rows: whole.format(rows), state })
    },
    merge: () => bar.update({ state: 'merging' }),
    finish: ({ read, seconds }) => {
      bar.update(bar.getTotal(), {
        rows: whole.format(read),
        state: `${perSecond(read, started)}, ${seconds.toFixed(1)} s`,
      })
      bar.stop()
    },
    rebuild: () => stream.write(`${rebuilding}\n`),
    stop: () => bar.stop(),
  }
}

const everyMs = 5000

const lines = (stream: NodeJS.WriteStream): Progress => {
  let timer: NodeJS.Timeout | undefined
  let state = () => ''
  const tell = (text: string) => stream.write(`${text}\n`)
  let started = 0
  let current = { file: '', bytes: 0, rows: 0 }
  return {
    start: (file, bytes) => {
      started = performance.now()
      current = { file, bytes, rows: 0 }
      state = () => `${file}: begun`
      timer = setInterval(() => tell(state()), everyMs).unref()
    },
    read: (bytes, rows) => {
      current.rows = rows
      state = () =>
        `${current.file}: ${whole.format(rows)} rows, ${perSecond(rows, started)}, ${timeLeft(started, bytes, current.bytes)} left`
    },
    merge: () => {
      state = () => `${current.file}: merging ${whole.format(current.rows)} rows`
    },
    finish: ({ file, read, loaded, rejected, seconds }) => {
      clearInterval(timer)
      tell(
        `${file}: ${whole.format(read)} read, ${whole.format(loaded)} loaded, ${whole.format(rejected)} rejected, ${seconds.toFixed(1)} s`,
      )
    },
    rebuild: () => tell(rebuilding),
    stop: () => clearInterval(timer),
  }
}

/** The time until all bytes are read, if the rest goes as the first did: `1:05`. */
const timeLeft = (started: number, done: number, all: number): string => {
  const seconds = done === 0 ? 0 : Math.round((((performance.now() - started) / done) * (all - done)) / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
