import cliProgress from 'cli-progress'
import type { ReadProgress } from './copy/loadTable.ts'
import { Throughput, whole } from './throughput.ts'
import type { FileReport } from './report/report.ts'

/** What an import does, in this order. */
export type Phase =
  | 'loading rows'
  | 'carrying over live rows'
  | 'putting photos into rows'
  | 'building indexes'
  | 'building derived tables'
  | 'checking references'
  | 'replacing the live tables'

/** What is told while files are imported. */
export type Progress = {
  readonly begin: (files: readonly { readonly name: string; readonly bytes: number }[], isResumed: boolean) => void
  /** How far a file is read. */
  readonly read: (reading: ReadProgress) => void
  readonly loaded: (report: FileReport) => void
  /** What is done now, and how many of its steps are done. */
  readonly phase: (name: Phase, done: number, of: number) => void
  /** Called in the end, however that is. */
  readonly stop: () => void
}

const nothing = () => {}

/** Tells nothing. */
export const silent: Progress = { begin: nothing, read: nothing, loaded: nothing, phase: nothing, stop: nothing }

/** Bars on a terminal; elsewhere a line a file and a phase, and one every few seconds. */
export const progressOn = (stream: NodeJS.WriteStream = process.stderr): Progress =>
  stream.isTTY ? bars(stream) : lines(stream)

const resumed = 'Going on with the import of these files that was interrupted.'

const bars = (stream: NodeJS.WriteStream): Progress => {
  const format = '{name} {bar} {percentage} %  {state}'
  const all = new cliProgress.MultiBar({ format, stream, hideCursor: true }, cliProgress.Presets.shades_classic)
  const started = new Map<string, cliProgress.SingleBar>()
  const sizes = new Map<string, number>()
  let throughput = new Throughput([])
  let total: cliProgress.SingleBar | undefined
  const named = (name: string) => ({ name: name.padEnd(26) })
  const barOf = (file: string): cliProgress.SingleBar => {
    const bar = started.get(file) ?? all.create(sizes.get(file) ?? 0, 0, { ...named(file), state: '' })
    started.set(file, bar)
    return bar
  }
  let steps: { name: string; bar: cliProgress.SingleBar } | undefined
  return {
    begin: (files, isResumed) => {
      if (isResumed) stream.write(`${resumed}\n`)
      for (const { name, bytes } of files) sizes.set(name, bytes)
      throughput = new Throughput(files)
      total = all.create(throughput.size, 0, { ...named('all files'), state: '' })
    },
    read: (reading) => {
      throughput.read(reading)
      barOf(reading.file).update(reading.bytes, { state: `${whole.format(reading.rows)} rows` })
      total?.update(throughput.bytes, { state: `${whole.format(throughput.rows)} rows, ${throughput.text}` })
    },
    loaded: ({ file, read, loaded, rejected, seconds }) => {
      throughput.finish(file, read)
      const rejects = rejected > 0 ? `, ${whole.format(rejected)} rejected` : ''
      const state = `${whole.format(loaded)} loaded${rejects}, ${seconds.toFixed(1)} s`
      barOf(file).update(sizes.get(file) ?? 0, { state })
    },
    phase: (name, done, of) => {
      if (name === 'loading rows') return
      if (steps?.name !== name) steps = { name, bar: all.create(Math.max(of, 1), 0, { ...named(name), state: '' }) }
      steps.bar.setTotal(Math.max(of, 1))
      steps.bar.update(done, { state: of > 0 ? `${done} of ${of}` : '' })
    },
    stop: () => all.stop(),
  }
}

const everyMs = 5000

const lines = (stream: NodeJS.WriteStream): Progress => {
  const tell = (text: string) => stream.write(`${text}\n`)
  let throughput = new Throughput([])
  let state = () => ''
  let current: Phase = 'loading rows'
  let timer: NodeJS.Timeout | undefined
  return {
    begin: (files, isResumed) => {
      if (isResumed) tell(resumed)
      throughput = new Throughput(files)
      state = () =>
        `loading rows: ${whole.format((throughput.bytes / Math.max(throughput.size, 1)) * 100)} %, ${whole.format(throughput.rows)} rows, ${throughput.text}`
      timer = setInterval(() => tell(state()), everyMs).unref()
    },
    read: (reading) => throughput.read(reading),
    loaded: ({ file, read, loaded, rejected, seconds }) => {
      throughput.finish(file, read)
      tell(
        `${file}: ${whole.format(read)} read, ${whole.format(loaded)} loaded, ${whole.format(rejected)} rejected, ${seconds.toFixed(1)} s`,
      )
    },
    phase: (name, done, of) => {
      if (name === 'loading rows') return
      if (name !== current) tell(name)
      current = name
      state = () => (of === 0 ? name : `${name}: ${done} of ${of}`)
    },
    stop: () => clearInterval(timer),
  }
}
