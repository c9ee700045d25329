import { client, type Sql } from './client.ts'
import { startEmbedded } from './embedded/start.ts'
import { dataFolder } from './embedded/folder.ts'
import { migrate } from './migrate.ts'
import { UserError } from './commandLine.ts'
import { checkUrl } from './urls.ts'

/** A database that is up to date. `close` stops the server if it was started for it. */
export type DatabaseHandle = { readonly url: string; readonly close: () => Promise<void> }

/**
 * Opens the database of `DATABASE_URL`, or starts the embedded one on the folder `ATELIER_DATA`, and applies the
 * migrations. Throws a `UserError` if it cannot be reached or changed.
 */
export const openDatabase = async (env: NodeJS.ProcessEnv = process.env): Promise<DatabaseHandle> => {
  const { url, close } = await findDatabase(env)
  const sql = client(url, { max: 1 })
  try {
    await migrate(sql)
    return { url, close }
  } catch (error) {
    await close()
    throw translateError(error, url)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The embedded server's settings: an import writes gigabytes, and until then they cost only address space. */
export const importSettings = { shared_buffers: '512MB', max_wal_size: '8GB' }

const findDatabase = async (env: NodeJS.ProcessEnv): Promise<DatabaseHandle> => {
  if (env.DATABASE_URL) return { url: checkUrl('DATABASE_URL', env.DATABASE_URL), close: async () => {} }
  if (env.NODE_ENV === 'production')
    throw new UserError(
      'DATABASE_URL is not set, and production does not start a database of its own: set it to postgres://user:password@host:5432/database.',
    )
  const { url, stop } = await startEmbedded(dataFolder(env), importSettings)
  return { url, close: stop }
}

/** A `UserError` for an error of the server or network; never shows the password. */
const translateError = (error: unknown, url: string): unknown => {
  const { host, pathname, username } = new URL(url)
  const fixes: Record<string, string> = {
    ECONNREFUSED: `Nothing listens at ${host}: start PostgreSQL there, or correct DATABASE_URL.`,
    ENOTFOUND: `The host ${host} is not known: correct DATABASE_URL.`,
    EAI_AGAIN: `The host ${host} is not known: correct DATABASE_URL.`,
    ENOENT: `There is no PostgreSQL socket for ${url.split('@').at(-1)}: start PostgreSQL, or correct DATABASE_URL.`,
    CONNECT_TIMEOUT: `${host} does not answer: check its firewall, or correct DATABASE_URL.`,
    '28P01': `PostgreSQL refused the password of ${username}: correct DATABASE_URL.`,
    '28000': `PostgreSQL refused the user ${username}: correct DATABASE_URL, or allow it in pg_hba.conf.`,
    '3D000': `The database ${pathname.slice(1)} does not exist: run createdb ${pathname.slice(1)}, or correct DATABASE_URL.`,
    '42501': `The user ${username} may not change ${pathname.slice(1)}: grant it create on the database and its schema public.`,
  }
  const { code = '', message } = error as { code?: string; message: string }
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return new UserError(`The certificate of ${host} is not trusted (${message}): correct sslrootcert, or the host.`)
  const fix = fixes[code]
  return fix === undefined ? error : new UserError(fix)
}

/** Runs a task on the opened database, and closes it. */
export const withDatabase = async <Result>(task: (sql: Sql) => Promise<Result>): Promise<Result> => {
  const { url, close } = await openDatabase()
  const sql = client(url)
  try {
    return await task(sql)
  } finally {
    await sql.end({ timeout: 5 })
    await close()
  }
}
