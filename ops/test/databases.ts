import { mkdir, stat } from 'node:fs/promises'
import { findBinaries } from '../../db/embedded/binaries.ts'
import { run } from '../deploy/target.ts'
import { addresses, folder, netnsExec } from './hosts.ts'

type DatabaseHost = 'database' | 'replica'
const data = (host: DatabaseHost) => `${folder}/${host}`
const password = 'only-for-these-tests'
const subnet = '10.77.0.0/24'
const script = (host: DatabaseHost, name: string, ...args: string[]) =>
  run(netnsExec(host), process.execPath, '--import', 'tsx', `ops/test/${name}.ts`, data(host), addresses[host], ...args)

/** The URL of a database for its superuser, over the socket. */
export const superuserUrl = (host: DatabaseHost): string =>
  `postgres://postgres@localhost/atelier?host=${data(host)}/postgres`

/** The URL of a database for a role of ops/postgres, over the network. */
export const roleUrl = (role: 'api' | 'migrate' | 'import' | 'replication', host: DatabaseHost = 'database'): string =>
  `postgres://atelier_${role}:${password}@${addresses[host]}/atelier` +
  `?sslmode=verify-full&sslrootcert=${data('database')}/server.crt`

/** Starts PostgreSQL on the database host, with the roles and rules of ops/postgres. */
export const startDatabase = async (): Promise<void> => {
  await mkdir(data('database'), { mode: 0o711 })
  await script('database', 'primary', addresses.replica, subnet, password)
}

/** Stops PostgreSQL in a mode of `pg_ctl`, and restarts it after a task. Returns when, in milliseconds since 1970. */
export const restartDatabase = async (
  mode: 'fast' | 'immediate',
  meanwhile: () => Promise<unknown>,
): Promise<number> => {
  const { pg_ctl } = await findBinaries()
  const { uid, gid } = await stat(`${data('database')}/postgres`)
  const account = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const options = ['-D', `${data('database')}/postgres`, '-w', '-s', '-l', `${data('database')}/postgres/server.log`]
  const control = (...args: string[]) => run(netnsExec('database'), 'setpriv', ...account, pg_ctl, ...args, ...options)
  await control('stop', '-m', mode)
  await meanwhile()
  // Its folder has the options of its first start.
  await control('restart')
  return Date.now()
}

/** Copies the stopped database to the replica host, and starts PostgreSQL there with a delay. */
export const startReplica = async (delay: string): Promise<void> => {
  await mkdir(data('replica'), { mode: 0o711 })
  await restartDatabase('fast', () => run([], 'cp', '-a', `${data('database')}/postgres`, data('replica')))
  await script('replica', 'replica', roleUrl('replication'), delay)
}
