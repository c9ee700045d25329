import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { UserError } from '../../db/commandLine.ts'
import type { Area } from './areas.ts'

// The last versions for Node 20. They are not in package.json, because they bring 170 packages that nothing else uses.
const packages = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']

export const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, '.atelier/stryker')
const command = join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js')

/** Installs Stryker into a folder inside the project, where it finds the project's vitest. */
export const installStryker = async (): Promise<void> => {
  if (await stat(command).catch(() => undefined)) return
  console.log(`Installing Stryker into ${folder}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const options = ['--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts']
  await promisify(execFile)('npm', ['install', ...options, ...packages], { cwd: folder }).catch((error: Error) => {
    throw new UserError(`Stryker cannot be installed: ${error.message.trim().split('\n').at(-1)}`)
  })
}

export type Position = { readonly line: number; readonly column: number }
type Mutant = {
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'Ignored' | 'CompileError' | 'RuntimeError'
  readonly replacement: string
  readonly location: { readonly start: Position; readonly end: Position }
}
export type StrykerReport = {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

/** Runs Stryker on an area, in copies of the tree, and returns its report. */
export const runStryker = async (name: string, area: Area, url: string): Promise<StrykerReport> => {
  const at = (file: string) => join(folder, `${name}.${file}`)
  const configuration = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'ops/mutation/vitest.config.ts', related: false },
    mutate: area.mutate,
    ignorePatterns: ['.atelier', 'ops/aws', 'perf'],
    tempDirName: `.atelier/stryker/${name}`,
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    concurrency: 2,
    timeoutMS: 10_000,
    incremental: true,
    incrementalFile: at('incremental.json'),
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: at('report.json') },
    // Stryker rewrites tsconfig.json with an interface that TypeScript 7 lacks.
    tsconfigFile: 'none',
    allowConsoleColors: false,
  }
  await writeFile(at('json'), JSON.stringify(configuration))
  const env = { ...process.env, DATABASE_URL: url, ATELIER_MUTATION_TESTS: area.tests.join(' ') }
  const child = spawn(process.execPath, [command, 'run', at('json')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = createWriteStream(at('output.txt'))
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  child.stdout.on('data', (text: Buffer) => {
    const progress = /Mutation testing .*/.exec(String(text))
    if (progress && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}: ${progress[0]}`)
  })
  const [status] = (await once(child, 'exit')) as [number | null]
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  output.end()
  if (status !== 0) throw new UserError(`Stryker has failed at ${name}: read ${at('output.txt')}.`)
  return JSON.parse(await readFile(at('report.json'), 'utf8')) as StrykerReport
}
