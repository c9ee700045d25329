import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { UserError } from '../../db/commandLine.ts'
import { type BalancerOptions, buildConfiguration, sharedFolder } from './configuration.ts'
import type { Nginx } from './findNginx.ts'

/** A running balancer. Until it is stopped, `folder` holds its configuration, `access.log` and `error.log`. */
export type Balancer = {
  readonly url: string
  /** The URL of the admin server: `/status`, `POST /invalidate`. */
  readonly admin: string
  readonly folder: string
  readonly process: ChildProcess
  readonly stop: () => Promise<void>
}

/**
 * Starts NGINX on loopback with the configuration of a balancer's host, in a new folder. Rejects with a `UserError` if
 * the port is taken.
 */
export const startNginx = async ({ program, modules }: Nginx, options: BalancerOptions): Promise<Balancer> => {
  const [freePort, adminPort] = await findFreePorts()
  const port = options.port || freePort
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-nginx-'))
  const cacheFolder = await mkdtemp(join(await findMemoryFolder(), 'atelierx-cache-'))
  // Started by root, NGINX runs its workers as another user, who has to read it.
  await chmod(folder, 0o711)
  for (const name of await readdir(sharedFolder)) {
    if (name.endsWith('.conf')) await symlink(join(sharedFolder, name), join(folder, name))
  }
  const files = buildConfiguration(options, modules, { port, adminPort, folder, cacheFolder })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const nodes = options.ports.map((nodePort) => `127.0.0.1:${nodePort}`)
  await promisify(execFile)(join(sharedFolder, 'nodes'), [folder, ...nodes])

  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: 'ignore',
    detached: true,
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    for (const path of [folder, cacheFolder]) await rm(path, { recursive: true, force: true })
  }
  while (!(await isReady(adminPort))) {
    if (child.exitCode === null && child.signalCode === null) continue
    const log = await readFile(join(folder, 'error.log'), 'utf8')
    await stop()
    const taken = /bind\(\) to (\S+) failed \(98/.exec(log)?.[1]
    throw taken
      ? new UserError(`${taken} is taken: stop what listens on it, or name another with --port.`)
      : new Error(log)
  }
  return { url: `http://127.0.0.1:${port}`, admin: `http://127.0.0.1:${adminPort}`, folder, process: child, stop }
}

// Each cached response is a file, and the database uses the disk of the same machine.
const findMemoryFolder = (): Promise<string> =>
  access('/dev/shm', constants.W_OK).then(
    () => '/dev/shm',
    () => tmpdir(),
  )

/** Two ports of loopback that are free now. */
export const findFreePorts = async (): Promise<readonly [number, number]> => {
  const servers = [1, 2].map(() => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const [one, other] = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return [one!, other!]
}

// A connection is no sign: NGINX listens at one port while it still tries to get the other.
const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(200) }).then(
    ({ ok }) => ok,
    () => setTimeout(20, false),
  )
