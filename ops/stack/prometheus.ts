import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../db/commandLine.ts'
import { findFreePorts } from './nginx.ts'

/** A Prometheus that reads the metrics of a stack. */
export type Prometheus = { readonly url: string; readonly stop: () => Promise<void> }

const configuration = fileURLToPath(new URL('../observability', import.meta.url))

/** The path of Prometheus. Rejects with a `UserError` that names the package. */
export const findPrometheus = async (): Promise<string> => {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(folder, 'prometheus')
    const canRun = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (canRun) return program
  }
  throw new UserError('There is no Prometheus here: run apt-get install prometheus.')
}

/** Starts Prometheus on loopback with the configuration of a host; the addresses are `host:port`. */
export const startPrometheus = async (
  program: string,
  addresses: { readonly nodes: readonly string[]; readonly balancers: readonly string[] },
): Promise<Prometheus> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-prometheus-'))
  for (const name of ['prometheus.yml', 'alerts.yml']) await copyFile(join(configuration, name), join(folder, name))
  // JSON is YAML.
  for (const [name, targets] of Object.entries(addresses))
    await writeFile(join(folder, `${name}.yml`), JSON.stringify([{ targets }]))
  const [port] = await findFreePorts()
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  )
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    if (!hasEnded()) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    }
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (!hasEnded()) continue
    await stop()
    throw new Error('Prometheus ended while it started.')
  }
  return { url, stop }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(500) }).then(
    ({ ok }) => ok || setTimeout(50, false),
    () => setTimeout(50, false),
  )
