import { execFile } from 'node:child_process'
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Binaries, findBinaries } from './binaries.ts'
import { client } from './client.ts'
import { Problem } from './problem.ts'

const execute = promisify(execFile)

type Account = { readonly uid: number; readonly gid: number }

/** A running PostgreSQL whose data lies in a folder. `stop` ends it, unless others still use it: the last one does. */
export type Embedded = { readonly url: string; readonly stop: () => Promise<void> }

/**
 * Starts the PostgreSQL that npm installed on the data of a folder, which is made if need be, or joins the one that
 * already runs there. It listens on a Unix socket within the folder, which only its own account and root can enter.
 */
export const startEmbedded = async (
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Embedded> => {
  const data = resolve(folder, 'postgres')
  // 107 bytes are what the address of a Unix socket holds.
  if (Buffer.byteLength(data) > 90) {
    throw new Problem(`The path ${data} is too long for PostgreSQL's socket: set ATELIER_DATA to a shorter one.`)
  }
  const binaries = await findBinaries()
  const account = process.getuid?.() === 0 ? await unprivilegedAccount() : undefined
  await mkdir(folder, { recursive: true })
  if (account) await mustBeReachable([data, binaries.postgres])

  if (!(await exists(join(data, 'PG_VERSION')))) await initialize(binaries, account, data)
  await start(binaries, account, data, settings)
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(data)}`
  return {
    url,
    stop: async () => {
      if (await isInUse(url)) return
      const stopping = execute(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w'], { ...account, cwd: '/' })
      // Another may have been quicker.
      await stopping.catch(() => {})
    },
  }
}

/** Whether programs of this project are connected. Those that have just ended their clients are given a moment to go. */
const isInUse = async (url: string): Promise<boolean> => {
  const sql = client(url, { max: 1, connection: { application_name: 'atelierx: last one out' } })
  const others = async () => {
    const rows = await sql`select from pg_stat_activity where application_name in ('atelierx', 'atelierx import')`
    return rows.length > 0
  }
  try {
    for (let tries = 0; tries < 20 && (await others()); tries += 1) await setTimeout(50)
    return await others()
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** PostgreSQL refuses to run as root, and as an account that the system does not know. */
const unprivilegedAccount = async (): Promise<Account> => {
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])]).catch(() => undefined)
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) }
  }
  throw new Problem(
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as: run as another user, or set DATABASE_URL.',
  )
}

const mustBeReachable = async (paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    for (let folder = dirname(resolve(path)); folder !== '/'; folder = dirname(folder)) {
      if (((await stat(folder)).mode & 0o001) === 0) {
        throw new Problem(
          `PostgreSQL does not run as root, and other accounts cannot enter ${folder}: move the project out of it, run as its owner, or set DATABASE_URL.`,
        )
      }
    }
  }
}

/** Makes a cluster beside its place and moves it there whole, so that one that was interrupted is never taken for real. */
const initialize = async (binaries: Binaries, account: Account | undefined, data: string): Promise<void> => {
  const draft = await mkdtemp(`${data}.`)
  if (account) await chown(draft, account.uid, account.gid)
  const options = [
    '--pgdata',
    draft,
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]
  await execute(binaries.initdb, options, { ...account, cwd: '/' }).catch((error: { stderr?: string }) => {
    throw new Problem(`PostgreSQL could not make its data in ${data}: ${lastLine(error.stderr)}`)
  })
  await rename(draft, data).catch(async (error: unknown) => {
    await rm(draft, { recursive: true })
    if (!(await exists(join(data, 'PG_VERSION')))) throw error
  })
}

const start = async (
  binaries: Binaries,
  account: Account | undefined,
  data: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> => {
  const runs = () =>
    execute(binaries.pg_ctl, ['status', '-D', data], { ...account, cwd: '/' }).then(
      () => true,
      () => false,
    )
  if (await runs()) return
  const all = { listen_addresses: '', unix_socket_directories: data, ...settings }
  const flags = Object.entries(all).map(([name, value]) => `-c ${name}='${value}'`)
  const log = join(data, 'server.log')
  await execute(binaries.pg_ctl, ['start', '-D', data, '-w', '-s', '-l', log, '-o', flags.join(' ')], {
    ...account,
    cwd: '/',
  }).catch(async () => {
    if (await runs()) return
    throw new Problem(`PostgreSQL did not start on ${data}: ${lastLine(await readFile(log, 'utf8').catch(() => ''))}`)
  })
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
const lastLine = (text = ''): string => text.trim().split('\n').at(-1) ?? ''
