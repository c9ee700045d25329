import { mkdir, readFile, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries } from '../../db/binaries.ts'
import { addresses, folder, launch, logOf, run, signal } from './hosts.ts'

/** The two hosts that serve the API. */
export const nodes = ['node-1', 'node-2'] as const
export type Node = (typeof nodes)[number]

const data = `${folder}/database`
const password = 'only-for-these-tests'

/** The API's database as its superuser sees it, who comes over the socket. */
export const databaseUrl = `postgres://postgres@localhost/atelier?host=${data}/postgres`

/** The same for one of the roles of ops/postgres, who comes over the network. */
export const urlAs = (role: 'api' | 'migrate' | 'import'): string =>
  `postgres://atelier_${role}:${password}@${addresses.database}/atelier?sslmode=verify-full&sslrootcert=${data}/server.crt`

const node = (host: Node) => `http://${addresses[host]}:3000`

/** Starts PostgreSQL on the database host, empty. */
export const startDatabase = async (): Promise<void> => {
  await mkdir(data, { recursive: true, mode: 0o711 })
  const given = [data, addresses.database, '10.77.0.0/24', password]
  await run('database', process.execPath, ['--import', 'tsx', 'ops/test/database.ts', ...given])
}

/** Ends PostgreSQL as `pg_ctl -m` says, starts it again after a pause, and returns the time when it was back. */
export const restartDatabase = async (mode: 'fast' | 'immediate', pauseMs: number): Promise<number> => {
  const { pg_ctl } = await findBinaries()
  const { uid, gid } = await stat(`${data}/postgres`)
  const account = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const where = ['-D', `${data}/postgres`, '-w', '-s', '-l', `${data}/postgres/server.log`]
  const control = (...args: string[]) => run('database', 'setpriv', [...account, pg_ctl, ...args, ...where])
  await control('stop', '-m', mode)
  await sleep(pauseMs)
  // The options of its first start are in its folder.
  await control('restart')
  return Date.now()
}

/** Starts the API on a node, and waits until it is ready. */
export const startNode = async (host: Node): Promise<void> => {
  launch(host, process.execPath, ['--import', 'tsx', 'ops/start.ts'], {
    NODE_ENV: 'production',
    DATABASE_URL: urlAs('api'),
    ATELIER_WORKERS: '2',
    HOST: addresses[host],
    PORT: '3000',
  })
  await answers(`${node(host)}/readyz`).catch(async (error: Error) => {
    throw new Error(`${error.message}\n${(await readFile(logOf(host), 'utf8')).slice(-2000)}`)
  })
}

/** Ends a node as a loss of power would. */
export const killNode = (host: Node): Promise<void> => signal(host, 'SIGKILL')

/** Waits until a URL answers 200. */
export const answers = async (url: string): Promise<void> => {
  const end = Date.now() + 20_000
  for (;;) {
    const status = await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
      (response) => response.status,
      (error: Error) => error.message,
    )
    if (status === 200) return
    if (Date.now() > end) throw new Error(`${url} does not answer (${status}).`)
    await sleep(50)
  }
}
