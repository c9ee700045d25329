import { mkdir, stat } from 'node:fs/promises'
import { findBinaries } from '../../db/embedded/binaries.ts'
import { run } from '../deploy/target.ts'
import { addresses, folder, prefix } from './hosts.ts'

type DatabaseHost = 'database' | 'replica'
const data = (host: DatabaseHost) => `${folder}/${host}`
const password = 'only-for-these-tests'
const subnet = '10.77.0.0/24'
const script = (host: DatabaseHost, name: string, ...given: string[]) =>
  run(prefix(host), process.execPath, '--import', 'tsx', `ops/test/${name}.ts`, data(host), addresses[host], ...given)

/** A database of the API as its superuser sees it, who comes over the socket. */
export const urlOf = (host: DatabaseHost): string => `postgres://postgres@localhost/atelier?host=${data(host)}/postgres`

/** The same for one of the roles of ops/postgres, who comes over the network. */
export const urlAs = (role: 'api' | 'migrate' | 'import' | 'replication', host: DatabaseHost = 'database'): string =>
  `postgres://atelier_${role}:${password}@${addresses[host]}/atelier?sslmode=verify-full&sslrootcert=${data('database')}/server.crt`

/** Starts PostgreSQL on the database host, with the roles and rules of ops/postgres. */
export const startDatabase = async (): Promise<void> => {
  await mkdir(data('database'), { mode: 0o711 })
  await script('database', 'primary', addresses.replica, subnet, password)
}

/** Ends PostgreSQL as `pg_ctl -m` says, starts it again when a task is done, and returns the time when it was back. */
export const restartDatabase = async (
  mode: 'fast' | 'immediate',
  meanwhile: () => Promise<unknown>,
): Promise<number> => {
  const { pg_ctl } = await findBinaries()
  const { uid, gid } = await stat(`${data('database')}/postgres`)
  const account = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const where = ['-D', `${data('database')}/postgres`, '-w', '-s', '-l', `${data('database')}/postgres/server.log`]
  const control = (...args: string[]) => run(prefix('database'), 'setpriv', ...account, pg_ctl, ...args, ...where)
  await control('stop', '-m', mode)
  await meanwhile()
  // The options of its first start are in its folder.
  await control('restart')
  return Date.now()
}

/** Copies the database to the replica host while it is down, and starts PostgreSQL there, so far behind. */
export const startReplica = async (delay: string): Promise<void> => {
  await mkdir(data('replica'), { mode: 0o711 })
  await restartDatabase('fast', () => run([], 'cp', '-a', `${data('database')}/postgres`, data('replica')))
  await script('replica', 'replica', urlAs('replication'), delay)
}
