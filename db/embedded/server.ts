import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fchownSync, openSync } from 'node:fs'
import { chown, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { UserError } from '../commandLine.ts'
import { findServer, removeStale, urlOf } from './identity.ts'
import type { Place } from './place.ts'

/** What PostgreSQL is to run with, by the names of its settings. */
export type Settings = Readonly<Record<string, string>>

/** A running PostgreSQL. `ended` resolves when its process is gone, whoever ended it; `stop` ends it. */
export type Server = {
  readonly url: string
  readonly pid: number
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Starts PostgreSQL on the data of a place, which is made if need be, or finds the one that runs on it. It outlives this
 * process. Who may have company takes the lock of the place first.
 */
export const startServer = async (place: Place, settings: Settings = {}): Promise<Server> => {
  const { port = '5432' } = settings
  const pid = await findServer(place, port)
  if (pid !== undefined) return adopt(place, port, pid)
  if (!(await exists(join(place.data, 'PG_VERSION')))) await initialize(place)
  await removeStale(place, port)
  for (let tries = 1; ; tries += 1) {
    const server = await run(place, settings, port)
    if (typeof server !== 'string') return server
    // The children of one that was killed take a moment to notice.
    if (!/shared memory block .* still in use/.test(server) || tries === 100) throw failed(place, server)
    await setTimeout(100)
  }
}

/** What PostgreSQL says on its way out, if it does not stay. */
const run = async (place: Place, settings: Settings, port: string): Promise<Server | string> => {
  const { data, account } = place
  const log = join(data, 'server.log')
  const before = await stat(log).then(
    ({ size }) => size,
    () => 0,
  )
  const output = openSync(log, 'a', 0o600)
  if (account) fchownSync(output, account.uid, account.gid)
  const all = { listen_addresses: '', unix_socket_directories: listOf(place.sockets), ...settings, port }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(place.binaries.postgres, ['-D', data, ...flags], {
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
  while ((await findServer(place, port).catch(() => undefined)) !== pid) {
    if (isOver()) return (await readFile(log)).subarray(before).toString()
    await Promise.race([ended, setTimeout(20)])
  }
  const stop = async () => {
    child.kill('SIGINT')
    await ended
  }
  return { url: urlOf(place, port), pid, ended, stop }
}

/** One that is no child of this process, such as that of a keeper that was killed. */
const adopt = (place: Place, port: string, pid: number): Server => {
  const wait = async () => {
    while (isAlive(pid)) await setTimeout(50, undefined, { ref: false })
  }
  const ended = wait()
  const stop = async () => {
    if ((await findServer(place, port)) !== pid) return
    process.kill(pid, 'SIGINT')
    while (isAlive(pid)) await setTimeout(20)
  }
  return { url: urlOf(place, port), pid, ended, stop }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A comma or a quote in a path would make two of it. */
const listOf = (folder: string): string => (/[,"]/.test(folder) ? `"${folder.replaceAll('"', '""')}"` : folder)

/** The account of the server may not look into another's home, and PGPORT and the like are meant for clients. */
const environment = (): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(kept), HOME: '/' }
}

/** Makes a cluster beside its place and moves it there whole, so that one that was interrupted is never taken for real. */
const initialize = async ({ binaries, account, data }: Place): Promise<void> => {
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

const failed = ({ data }: Place, log: string): UserError =>
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
