import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { client } from '../client.ts'
import { UserError } from '../commandLine.ts'
import type { Place } from './place.ts'

/** The address of the server of a place. */
export const urlOf = ({ sockets }: Place, port: string): string =>
  `postgres://postgres@localhost:${port}/postgres?host=${encodeURIComponent(sockets)}`

/**
 * The process of the server of a place: asked over its socket for its data and its start, as its files name it. Undefined
 * when nobody answers there.
 */
export const findServer = async (place: Place, port: string): Promise<number | undefined> => {
  const sql = client(urlOf(place, port), { max: 1, connection: { application_name: 'atelierx: who is there' } })
  try {
    const [row] = await sql<{ data: string; started: string }[]>`
      select current_setting('data_directory') as data,
        extract(epoch from pg_postmaster_start_time())::bigint::text as started`
    const [pid, , started] = (await readFile(join(place.data, 'postmaster.pid'), 'utf8')).split('\n')
    const isOurs = row && (await realpath(row.data)) === (await realpath(place.data))
    // One is rounded, the other cut off.
    if (isOurs && Math.abs(Number(row.started) - Number(started)) <= 1) return Number(pid)
    throw new UserError(
      `Another PostgreSQL, on ${row?.data}, answers in ${place.sockets}: end it, or set ATELIER_DATA to another folder.`,
    )
  } catch (error) {
    const { code = '' } = error as { code?: string }
    // It is starting or ending, or nobody is there.
    if (['57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'CONNECTION_CLOSED'].includes(code)) return undefined
    throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * Removes the files by which PostgreSQL takes another process for itself: of a server that was killed, whose number the
 * system has given away since. Nobody answers at the socket, and the caller has the lock of the place.
 */
export const removeStale = async ({ data, sockets }: Place, port: string): Promise<void> => {
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

/** A server works in the folder of its data. */
const isPostgresOf = async (pid: number, data: string): Promise<boolean> => {
  const folder = await realpath(data)
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.includes('postgres') && stdout.includes(folder)
}
