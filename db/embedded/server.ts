import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fchownSync, openSync } from 'node:fs'
import { chown, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { UserError } from '../commandLine.ts'
import { findServer, removeStaleLocks, socketUrl } from './identity.ts'
import type { Installation } from './installation.ts'

/** PostgreSQL settings by name. */
export type Settings = Readonly<Record<string, string>>

/** A running PostgreSQL. `ended` resolves when its process has exited for any reason. */
export type Server = {
  readonly url: string
  readonly pid: number
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts PostgreSQL, creating its data if need be, or finds the server that runs. It outlives this process. The caller
 * takes the installation's lock first if another process may do the same.
 */
export const startServer = async (installation: Installation, settings: Settings = {}): Promise<Server> => {
  const { port = '5432' } = settings
  const pid = await findServer(installation, port)
  if (pid !== undefined) return adopt(installation, port, pid)
  if (!(await exists(join(installation.data, 'PG_VERSION')))) await initialize(installation)
  await removeStaleLocks(installation, port)
  for (let tries = 1; ; tries += 1) {
    const server = await run(installation, settings, port)
    if (typeof server !== 'string') return server
    // The children of a killed server take a moment to exit.
    if (!/shared memory block .* still in use/.test(server) || tries === 100) throw startError(installation, server)
    await setTimeout(100)
  }
}

/** The started server, or the log of one that exits. */
const run = async (installation: Installation, settings: Settings, port: string): Promise<Server | string> => {
  const { data, account } = installation
  const log = join(data, 'server.log')
  const before = await stat(log).then(
    ({ size }) => size,
    () => 0,
  )
  const output = openSync(log, 'a', 0o600)
  if (account) fchownSync(output, account.uid, account.gid)
  const all = { listen_addresses: '', unix_socket_directories: quotePath(installation.sockets), ...settings, port }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(installation.binaries.postgres, ['-D', data, ...flags], {
    ...account,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', output, output],
    detached: true,
  })
  closeSync(output)
  child.unref()
  await once(child, 'spawn')
  const pid = child.pid!
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  while ((await findServer(installation, port).catch(() => undefined)) !== pid) {
    if (isOver()) return (await readFile(log)).subarray(before).toString()
    await Promise.race([ended, setTimeout(20)])
  }
  const stop = async () => {
    child.kill('SIGINT')
    await ended
  }
  return { url: socketUrl(installation, port), pid, ended, stop }
}

/** A server that another process started, such as a keeper that was killed. */
const adopt = (installation: Installation, port: string, pid: number): Server => {
  const wait = async () => {
    while (isAlive(pid)) await setTimeout(50, undefined, { ref: false })
  }
  const ended = wait()
  const stop = async () => {
    if ((await findServer(installation, port)) !== pid) return
    process.kill(pid, 'SIGINT')
    while (isAlive(pid)) await setTimeout(20)
  }
  return { url: socketUrl(installation, port), pid, ended, stop }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

// A comma separates folders in this setting.
const quotePath = (folder: string): string => (/[,"]/.test(folder) ? `"${folder.replaceAll('"', '""')}"` : folder)

// Its account may not read another's home, and PGPORT and the like are meant for clients.
const environment = (): NodeJS.ProcessEnv => {
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(variables), HOME: '/' }
}

/** Creates the data in a temporary folder and renames it, so that an interrupted one is never used. */
const initialize = async ({ binaries, account, data }: Installation): Promise<void> => {
  const draft = await mkdtemp(`${data}.`)
  if (account) await chown(draft, account.uid, account.gid)
  const names = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']
  const options = { ...account, cwd: '/', env: environment() }
  try {
    await promisify(execFile)(binaries.initdb, ['--pgdata', draft, ...names, '--no-sync'], options)
    await rename(draft, data)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    const { stderr, message } = error as { stderr?: string; message: string }
    throw new UserError(`PostgreSQL could not make its data in ${data}: ${reasonIn(stderr || message)}`)
  }
}

const startError = ({ data }: Installation, log: string): UserError =>
  new UserError(
    /incompatible with server/.test(log)
      ? `The data in ${data} is of another version of PostgreSQL (${reasonIn(log)}): move that folder away to begin anew, or set ATELIER_DATA to another.`
      : `PostgreSQL did not start on ${data}: ${reasonIn(log)}`,
  )

const reasonIn = (log: string): string => {
  const lines = log.trim().split('\n')
  const fatal = lines.findLast((line) => /(FATAL|PANIC|error):/i.test(line))
  return (fatal ?? lines.at(-1) ?? '').trim()
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
