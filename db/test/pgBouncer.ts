import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { client } from '../client.ts'

/** True if Debian's package `pgbouncer` is installed. */
export const hasPgBouncer = !spawnSync('pgbouncer', ['--version']).error

/** Starts a PgBouncer in transaction mode, with two connections to the server of a URL, which all clients share. */
export const startPgBouncer = async (url: string, settings: Readonly<Record<string, string>> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await chmod(folder, 0o711)
  const port = await freePort()
  const server = new URL(url)
  const host = server.searchParams.get('host') ?? server.hostname
  const lines = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(folder, 'users'),
    pool_mode: 'transaction',
    default_pool_size: 2,
    max_client_conn: 100,
    ...settings,
  }
  const options = Object.entries(lines).map(([name, value]) => `${name} = ${value}`)
  const target = `* = host=${host} port=${server.port || '5432'}`
  await writeFile(join(folder, 'ini'), ['[databases]', target, '[pgbouncer]', ...options].join('\n'))
  await writeFile(join(folder, 'users'), '"postgres" ""\n"pooled" ""\n')
  // It refuses to run as root, and the account of the server can enter the folder of its socket.
  const { uid, gid } = host.startsWith('/') ? await stat(host) : { uid: 65534, gid: 65534 }
  const account = process.getuid?.() === 0 ? { uid, gid } : {}
  const child = spawn('pgbouncer', ['--quiet', join(folder, 'ini')], { ...account, stdio: 'ignore' })

  const address = new URL(url)
  address.searchParams.delete('host')
  address.host = `127.0.0.1:${port}`
  const sql = client(`${address.href}?pgbouncer=true`, { max: 1 })
  const isUp = () => sql`select 1`.then(Boolean, () => false)
  for (let tries = 0; tries < 100 && !(await isUp()); tries += 1) await sleep(50)
  await sql.end({ timeout: 1 })

  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
    await rm(folder, { recursive: true })
  }
  return { url: address.href, stop }
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
