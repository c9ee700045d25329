import { chmod, cp, lstat, lchown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client } from '../client.ts'
import { findInstallation } from '../embedded/installation.ts'
import { type Server, type Settings, startServer } from '../embedded/server.ts'

/** A primary and its streaming replica, for tests. */
export type ReplicationPair = {
  readonly primary: Server
  readonly replica: Server
  /** Ends the replica at once, as a crash does. */
  readonly crash: () => Promise<void>
  /** Stops the processes of the replica where they are, with their connections open, or lets them go on. */
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => Promise<void>
  /** Starts it again, as it was or with other settings. */
  readonly restart: (settings?: Settings) => Promise<void>
  readonly end: () => Promise<void>
}

/** Starts a primary, prepared by a task, and a replica of it. */
export const startReplicationPair = async (prepare: (url: string) => Promise<unknown>): Promise<ReplicationPair> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await chmod(folder, 0o711)
  const [original, copy] = [join(folder, 'a'), join(folder, 'b')]
  const startOriginal = () => start(original, { wal_level: 'replica', fsync: 'off' })
  const first = await startOriginal()
  await prepare(first.url)
  await first.stop()
  await copyOwned(original, copy)
  await writeFile(join(copy, 'postgres/standby.signal'), '')

  const primary = await startOriginal()
  const upstream = `host=${join(original, 'postgres')} user=postgres`
  const restart = (settings: Settings = {}) => start(copy, { primary_conninfo: upstream, fsync: 'off', ...settings })
  const replica = await restart()
  let running = replica
  let stopped: number[] = []
  return {
    primary,
    replica,
    crash: async () => {
      process.kill(running.pid, 'SIGQUIT')
      await running.ended
    },
    signal: async (signal) => {
      if (signal === 'SIGSTOP') stopped = [running.pid, ...(await backendsOf(replica.url))]
      for (const pid of stopped) process.kill(pid, signal)
      if (signal === 'SIGCONT') stopped = []
    },
    restart: async (settings) => void (running = await restart(settings)),
    end: async () => {
      await running.stop()
      await primary.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a server that nobody holds, so that it stays as a test leaves it. */
const start = async (folder: string, settings: Settings): Promise<Server> =>
  startServer(await findInstallation(folder), settings)

const backendsOf = async (url: string): Promise<number[]> => {
  const sql = client(url, { max: 1 })
  const rows = await sql<{ pid: number }[]>`select pid from pg_stat_activity where pid <> pg_backend_pid()`
  await sql.end({ timeout: 5 })
  return rows.map(({ pid }) => pid)
}

/** PostgreSQL wants its files to be its own, and as root that is another account. */
const copyOwned = async (from: string, to: string): Promise<void> => {
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
  for (const name of ['', ...(await readdir(from, { recursive: true }))]) {
    const { uid, gid, mode } = await lstat(join(from, name))
    await lchown(join(to, name), uid, gid)
    await chmod(join(to, name), mode)
  }
}
