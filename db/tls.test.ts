import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client } from './client.ts'
import { type Embedded, startEmbedded } from './embedded/start.ts'
import { openDatabase } from './open.ts'

let folder: string
let server: Embedded
let port: number

const openssl = (...given: string[]) => execFileSync('openssl', given, { cwd: folder, stdio: 'pipe' })

/** Makes `<name>.crt` and `<name>.key`: an authority, or what one signs for hosts. */
const certify = (name: string, ...more: string[]) => {
  const subject = ['-subj', `/CN=${name}`, '-out', `${name}.crt`, '-keyout', `${name}.key`]
  openssl('req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject, ...more)
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

const urlOf = (host: string, query: string) => `postgres://postgres@${host}:${port}/postgres?${query}`
const verified = (host: string, authority: string) =>
  urlOf(host, `sslmode=verify-full&sslrootcert=${join(folder, `${authority}.crt`)}`)

const isEncrypted = async (url: string): Promise<unknown> => {
  const sql = client(url, { max: 1, connect_timeout: 3 })
  try {
    const [row] = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`
    return row?.ssl
  } finally {
    await sql.end({ timeout: 1 })
  }
}

describe.skipIf(spawnSync('openssl', ['version']).error)('with openssl', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
    // As root, PostgreSQL runs under another account, which has to get here.
    await chmod(folder, 0o711)
    certify('authority')
    certify('stranger')
    certify('server', '-CA', 'authority.crt', '-CAkey', 'authority.key', '-addext', 'subjectAltName=IP:127.0.0.1')
    port = await freePort()
    const first = await startEmbedded(folder)
    const { uid, gid } = await stat(join(folder, 'postgres'))
    await first.stop()
    await chown(join(folder, 'server.key'), uid, gid)
    server = await startEmbedded(folder, {
      listen_addresses: '127.0.0.1',
      port: String(port),
      ssl: 'on',
      ssl_cert_file: join(folder, 'server.crt'),
      ssl_key_file: join(folder, 'server.key'),
    })
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  test('a server whose authority and address are right is connected to, encrypted', async () => {
    expect(await isEncrypted(verified('127.0.0.1', 'authority'))).toBe(true)
  })

  test('a server of another authority is refused', async () => {
    await expect(isEncrypted(verified('127.0.0.1', 'stranger'))).rejects.toThrow(/self-signed|unable to/)
  })

  test('a server whose certificate names another host is refused', async () => {
    await expect(isEncrypted(verified('localhost', 'authority'))).rejects.toThrow(/does not match certificate/)
  })

  test('what is wrong with a certificate is one line that names the fix', async () => {
    const opening = (DATABASE_URL: string) => openDatabase({ DATABASE_URL })
    await expect(opening(verified('127.0.0.1', 'stranger'))).rejects.toThrow(/^The certificate of 127.0.0.1:\d+ /)
    await expect(opening(verified('127.0.0.1', 'missing'))).rejects.toThrow(/missing.crt cannot be read \(ENOENT\)/)
  })
})
