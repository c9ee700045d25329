import { execFileSync } from 'node:child_process'
import { chown, readFile, stat, writeFile } from 'node:fs/promises'
import { client } from '../../db/client.ts'
import { findInstallation } from '../../db/embedded/installation.ts'
import { startServer } from '../../db/embedded/server.ts'

// Starts PostgreSQL on the database host, and exits: node primary.ts <folder> <address> <replica> <subnet> <password>
const [folder = '', address = '', replica = '', subnet = '', password = ''] = process.argv.slice(2)
const at = (name: string) => `${folder}/${name}`
const read = (name: string) => readFile(new URL(`../postgres/${name}`, import.meta.url), 'utf8')

// The rules of ops/postgres, and one for the tests, which connect over the socket.
const rules = (await read('pg_hba.conf')).replaceAll(/NODES|REPLICAS/g, subnet)
await writeFile(at('pg_hba.conf'), `local all postgres trust\n${rules}`, { mode: 0o644 })
await writeFile(at('pg_ident.conf'), await read('pg_ident.conf'), { mode: 0o644 })
const { url } = await startServer(await findInstallation(folder), {
  listen_addresses: address,
  hba_file: at('pg_hba.conf'),
  ident_file: at('pg_ident.conf'),
  max_connections: '200',
})

const name = ['-subj', `/CN=${address}`, '-addext', `subjectAltName=IP:${address},IP:${replica}`]
const files = ['-out', at('server.crt'), '-keyout', at('server.key')]
execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...name, ...files], { stdio: 'pipe' })
const { uid, gid } = await stat(at('postgres'))
await chown(at('server.key'), uid, gid)

const server = client(url, { max: 1 })
await server.unsafe(`alter system set ssl_cert_file = '${at('server.crt')}'`)
await server.unsafe(`alter system set ssl_key_file = '${at('server.key')}'`)
await server.unsafe('alter system set ssl = on')
await server`select pg_reload_conf()`
await server`create database atelier`
await server.end({ timeout: 5 })

const atelierUrl = new URL(url)
atelierUrl.pathname = 'atelier'
const sql = client(atelierUrl.href, { max: 1 })
await sql.unsafe(await read('roles.sql'))
for (const role of ['api', 'migrate', 'import', 'replication']) {
  await sql.unsafe(`alter role atelier_${role} password '${password}'`)
}
await sql.end({ timeout: 5 })
