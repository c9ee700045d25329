import { type ChildProcessByStdio, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { personalText } from './privacyReporter.ts'

/** A process of a test. `output` grows with what it prints. */
export type RunningProcess = {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly output: { text: string }
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>
}

/** Starts Node with a script of this project; the process gets a signal when the test finishes. */
export const startScript = (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: NodeJS.Signals = 'SIGINT',
): RunningProcess => startProcess([process.execPath, '--import', 'tsx', ...args], { env }, signal)

/**
 * Starts a command; the process gets a signal when the test finishes. The test fails if it printed an e-mail address of
 * the fixture.
 */
export const startProcess = (
  [program = '', ...args]: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'>,
  signal: NodeJS.Signals = 'SIGINT',
): RunningProcess => {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { text: '' }
  onTestFinished(() => {
    child.kill(signal)
    expect(output.text).not.toMatch(personalText)
  })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output.text += String(data)))
  return { child, output, exited: once(child, 'exit') as RunningProcess['exited'] }
}

/** The URL that the API prints when it is ready. Rejects with the output if the process exits first. */
export const waitForUrl = async ({ child, output }: RunningProcess): Promise<string> => {
  for (;;) {
    const [, url] = /answers at (\S+)/.exec(output.text) ?? []
    if (url) return url
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(output.text)
    await sleep(20)
  }
}
