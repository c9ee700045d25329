import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { client } from '../client.ts'
import { UserError } from '../commandLine.ts'
import type { Installation } from './installation.ts'

/** The database URL of an installation. */
export const socketUrl = ({ sockets }: Installation, port: string): string =>
  `postgres://postgres@localhost:${port}/postgres?host=${encodeURIComponent(sockets)}`

/**
 * The process id of an installation's running server, undefined if none answers. Confirmed over its socket: another
 * server, or a process that reuses the id, is not taken for it.
 */
export const findServer = async (installation: Installation, port: string): Promise<number | undefined> => {
  const sql = client(socketUrl(installation, port), {
    max: 1,
    connection: { application_name: 'atelierx: identify' },
  })
  try {
    const [row] = await sql<{ data: string; started: string }[]>`
      select current_setting('data_directory') as data,
        extract(epoch from pg_postmaster_start_time())::bigint::text as started`
    const [pid, , started] = (await readFile(join(installation.data, 'postmaster.pid'), 'utf8')).split('\n')
    const isOurs = row && (await realpath(row.data)) === (await realpath(installation.data))
    // One is rounded, the other truncated.
    if (isOurs && Math.abs(Number(row.started) - Number(started)) <= 1) return Number(pid)
    throw new UserError(
      `Another PostgreSQL, on ${row?.data}, answers in ${installation.sockets}: end it, or set ATELIER_DATA to another folder.`,
    )
  } catch (error) {
    const { code = '' } = error as { code?: string }
    // It is starting or stopping, or there is none.
    if (['57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'CONNECTION_CLOSED'].includes(code)) return undefined
    throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * Removes the lock files of a killed server: PostgreSQL refuses to start if another process has got the id in them
 * since. The caller has the installation's lock, and found no server.
 */
export const removeStaleLocks = async ({ data, sockets }: Installation, port: string): Promise<void> => {
  for (const file of [join(data, 'postmaster.pid'), join(sockets, `.s.PGSQL.${port}.lock`)]) {
    const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
    if (!(pid > 0)) continue
    for (const end = performance.now() + 20_000; await isPostgresOf(pid, data); await setTimeout(50)) {
      if (performance.now() < end) continue
      throw new UserError(
        `A PostgreSQL (process ${pid}) has the data in ${data} and does not answer: end that process.`,
      )
    }
    await rm(file, { force: true })
  }
}

// The working directory of a server is its data folder.
const isPostgresOf = async (pid: number, data: string): Promise<boolean> => {
  const folder = await realpath(data)
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.includes('postgres') && stdout.includes(folder)
}
