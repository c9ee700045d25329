import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = ['15', '16', '17', '18'].map((version) => `/usr/lib/postgresql/${version}/bin`).find(existsSync)

/** The reason why a database host cannot be created here, if any. */
export const missing: string | undefined =
  process.getuid?.() === 0 && bin ? undefined : "needs root and Debian's PostgreSQL: apt-get install postgresql"

// Below the system's ephemeral ports, with the next one for a replica.
const port = String(20_000 + (process.pid % 5000) * 2)
const password = 'only-for-this-test'
const here = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** A database host in a folder, with the settings, access rules, roles, TLS and archive of this folder. */
export const createHost = () => {
  const folder = mkdtempSync(join(tmpdir(), 'atelierx-'))
  const account = statSync('/var/lib/postgresql')
  const at = (name: string) => join(folder, name)
  const write = (name: string, text: string) => {
    writeFileSync(at(name), text, { mode: 0o600 })
    chownSync(at(name), account.uid, account.gid)
  }

  const run = (command: string, ...args: string[]): string =>
    execFileSync('runuser', ['-u', 'postgres', '--', command, ...args], {
      cwd: '/',
      env: { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, PGHOST: folder, PGPORT: port },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const start = (data: string) => {
    const options = `-c config_file=${at('postgresql.conf')}`
    run('pg_ctl', 'start', '-w', '-s', '-D', at(data), '-l', at('server.log'), '-o', options)
  }
  const stop = (data: string) => run('pg_ctl', 'stop', '-w', '-s', '-m', 'fast', '-D', at(data))
  const sql = (text: string): string =>
    run('psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-d', 'atelier', '-c', text).trim()

  const configure = () => {
    const settings = {
      port,
      unix_socket_directories: folder,
      listen_addresses: '127.0.0.1',
      ssl_cert_file: at('server.crt'),
      ssl_key_file: at('server.key'),
      hba_file: at('pg_hba.conf'),
      ident_file: at('pg_ident.conf'),
      archive_command: `${here('store')} put ${at('archive')} wal/%f < %p`,
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
    write('postgresql.conf', readFileSync(here('atelierx.conf'), 'utf8') + lines.join(''))
    write('pg_hba.conf', readFileSync(here('pg_hba.conf'), 'utf8').replaceAll(/NODES|REPLICAS/g, '127.0.0.1/32'))
    write('pg_ident.conf', readFileSync(here('pg_ident.conf'), 'utf8'))
  }

  const setUp = () => {
    chmodSync(folder, 0o711)
    chownSync(folder, account.uid, account.gid)
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    const files = ['-out', at('server.crt'), '-keyout', at('server.key')]
    execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...subject, ...files], { stdio: 'pipe' })
    chownSync(at('server.key'), account.uid, account.gid)
    configure()
    run('initdb', '--no-sync', '-D', at('data'), '--encoding=UTF8', '--locale=C')
    start('data')
    run('createdb', 'atelier')
    run('psql', '-qX', '-v', 'ON_ERROR_STOP=1', '-d', 'atelier', '-f', here('roles.sql'))
    for (const role of ['api', 'migrate', 'import', 'replication'])
      sql(`alter role atelier_${role} password '${password}'`)
  }
  try {
    setUp()
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }

  return {
    at,
    start,
    stop,
    sql,
    /** Runs a program as the account of the server. */
    run,
    command: (name: string, ...args: string[]) => run(here(name), ...args),
    url: (user: string, { database = 'atelier', tls = true } = {}) => {
      const query = tls ? `?sslmode=verify-full&sslrootcert=${at('server.crt')}` : ''
      return `postgres://${user}:${password}@127.0.0.1:${port}/${database}${query}`
    },
    remove: () => {
      try {
        stop('data')
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  }
}
