import cliProgress from 'cli-progress'
import type { ReadProgress } from './copy/loadTable.ts'
import { Throughput, formatInteger } from './throughput.ts'
import type { FileReport } from './report/report.ts'

/** The phases of an import, in order. */
export type Phase =
  | 'loading rows'
  | 'carrying over live rows'
  | 'putting photos into rows'
  | 'building indexes'
  | 'building derived tables'
  | 'checking references'
  | 'replacing the live tables'

/** The callbacks of an import that shows its progress. */
export type Progress = {
  readonly begin: (files: readonly { readonly name: string; readonly bytes: number }[], isResumed: boolean) => void
  readonly read: (file: ReadProgress) => void
  readonly loaded: (report: FileReport) => void
  /** Called at the start of a phase and after each of its steps. */
  readonly phase: (name: Phase, done: number, of: number) => void
  /** Called at the end of the import, successful or not. */
  readonly stop: () => void
}

const nothing = () => {}

export const silent: Progress = { begin: nothing, read: nothing, loaded: nothing, phase: nothing, stop: nothing }

/** Progress bars on a terminal; elsewhere a line for each file and phase, and one every 5 seconds. */
export const progressOn = (stream: NodeJS.WriteStream = process.stderr): Progress =>
  stream.isTTY ? bars(stream) : lines(stream)

const resumeNotice = 'Going on with the import of these files that was interrupted.'

const bars = (stream: NodeJS.WriteStream): Progress => {
  const format = '{name} {bar} {percentage} %  {state}'
  const all = new cliProgress.MultiBar({ format, stream, hideCursor: true }, cliProgress.Presets.shades_classic)
  const fileBars = new Map<string, cliProgress.SingleBar>()
  const sizes = new Map<string, number>()
  let throughput = new Throughput([])
  let total: cliProgress.SingleBar | undefined
  const label = (name: string) => ({ name: name.padEnd(26) })
  const getBar = (file: string): cliProgress.SingleBar => {
    const bar = fileBars.get(file) ?? all.create(sizes.get(file) ?? 0, 0, { ...label(file), state: '' })
    fileBars.set(file, bar)
    return bar
  }
  let steps: { name: string; bar: cliProgress.SingleBar } | undefined
  return {
    begin: (files, isResumed) => {
      if (isResumed) stream.write(`${resumeNotice}\n`)
      for (const { name, bytes } of files) sizes.set(name, bytes)
      throughput = new Throughput(files)
      total = all.create(throughput.size, 0, { ...label('all files'), state: '' })
    },
    read: (file) => {
      throughput.read(file)
      getBar(file.file).update(file.bytes, { state: `${formatInteger(file.rows)} rows` })
      total?.update(throughput.bytes, { state: `${formatInteger(throughput.rows)} rows, ${throughput.text}` })
    },
    loaded: ({ file, read, loaded, rejected, seconds }) => {
      throughput.finish(file, read)
      const rejects = rejected > 0 ? `, ${formatInteger(rejected)} rejected` : ''
      const state = `${formatInteger(loaded)} loaded${rejects}, ${seconds.toFixed(1)} s`
      getBar(file).update(sizes.get(file) ?? 0, { state })
    },
    phase: (name, done, of) => {
      if (name === 'loading rows') return
      if (steps?.name !== name) steps = { name, bar: all.create(Math.max(of, 1), 0, { ...label(name), state: '' }) }
      steps.bar.setTotal(Math.max(of, 1))
      steps.bar.update(done, { state: of > 0 ? `${done} of ${of}` : '' })
    },
    stop: () => all.stop(),
  }
}

const intervalMs = 5000

const lines = (stream: NodeJS.WriteStream): Progress => {
  const print = (text: string) => stream.write(`${text}\n`)
  let throughput = new Throughput([])
  let state = () => ''
  let current: Phase = 'loading rows'
  let timer: NodeJS.Timeout | undefined
  return {
    begin: (files, isResumed) => {
      if (isResumed) print(resumeNotice)
      throughput = new Throughput(files)
      state = () =>
        `loading rows: ${formatInteger((throughput.bytes / Math.max(throughput.size, 1)) * 100)} %, ${formatInteger(throughput.rows)} rows, ${throughput.text}`
      timer = setInterval(() => print(state()), intervalMs).unref()
    },
    read: (file) => throughput.read(file),
    loaded: ({ file, read, loaded, rejected, seconds }) => {
      throughput.finish(file, read)
      print(
        `${file}: ${formatInteger(read)} read, ${formatInteger(loaded)} loaded, ${formatInteger(rejected)} rejected, ${seconds.toFixed(1)} s`,
      )
    },
    phase: (name, done, of) => {
      if (name === 'loading rows') return
      if (name !== current) print(name)
      current = name
      state = () => (of === 0 ? name : `${name}: ${done} of ${of}`)
    },
    stop: () => clearInterval(timer),
  }
}
