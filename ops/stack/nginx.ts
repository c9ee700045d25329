import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { access, chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { UserError } from '../../db/commandLine.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints as api } from '../../handlers/index.ts'
import { apiOf } from '../nginx/api.ts'

/** An NGINX that can run Lua: its program, and the modules to load for that. */
export type Nginx = { readonly program: string; readonly modules: readonly string[] }

/** A running balancer. Its folder holds its configuration, `access.log` and `error.log`, until it is stopped. */
export type Balancer = {
  readonly url: string
  readonly admin: string
  readonly folder: string
  readonly process: ChildProcess
  readonly stop: () => Promise<void>
}

/** Finds NGINX with Lua, as Debian packages it. */
export const findNginx = async (): Promise<Nginx> => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  for (const folder of folders) {
    const program = join(folder, 'nginx')
    if (!(await canExecute(program))) continue
    const { stderr } = await promisify(execFile)(program, ['-V'])
    const [, path = ''] = /--modules-path=(\S+)/.exec(stderr) ?? []
    const modules = ['ndk_http_module.so', 'ngx_http_lua_module.so'].map((name) => join(path, name))
    const areThere = await Promise.all(modules.map((module) => access(module)))
      .then(() => true)
      .catch(() => false)
    if (areThere) return { program, modules }
  }
  throw new UserError('There is no NGINX with Lua here: run apt-get install nginx libnginx-mod-http-lua.')
}

type Endpoints = Readonly<Record<string, Endpoint>>

type Place = {
  readonly ports: readonly number[]
  readonly port?: number
  readonly limits?: 'on' | 'off'
  readonly cache?: boolean
  /** What the nodes serve; the API, if it is left out. */
  readonly endpoints?: Endpoints
}

/** Starts NGINX as on the balancer's host, but on loopback and in a folder of its own, before nodes on these ports. */
export const startNginx = async ({ program, modules }: Nginx, place: Place): Promise<Balancer> => {
  const { endpoints = api } = place
  const [free, admin] = await freePorts(2)
  const port = place.port || free!
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-nginx-'))
  const cache = await mkdtemp(join(await memoryFolder(), 'atelierx-cache-'))
  // As root, NGINX's workers run as another user, who must come by.
  await chmod(folder, 0o711)
  for (const name of await readdir(shared)) {
    if (name.endsWith('.conf')) await symlink(join(shared, name), join(folder, name))
  }
  const files = {
    ...filesOf(modules, folder, cache, endpoints),
    'public.conf': publicOf(place, port),
    'admin.conf': adminOf(admin!),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const nodes = place.ports.map((nodePort) => `127.0.0.1:${nodePort}`)
  await promisify(execFile)(join(shared, 'nodes'), [folder, ...nodes])

  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: 'ignore',
    detached: true,
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    for (const made of [folder, cache]) await rm(made, { recursive: true, force: true })
  }
  while (!(await answers(admin!))) {
    if (child.exitCode === null && child.signalCode === null) continue
    const log = await readFile(join(folder, 'error.log'), 'utf8')
    await stop()
    const taken = /bind\(\) to (\S+) failed \(98/.exec(log)?.[1]
    throw taken
      ? new UserError(`${taken} is taken: stop what listens on it, or name another with --port.`)
      : new Error(log)
  }
  return { url: `http://127.0.0.1:${port}`, admin: `http://127.0.0.1:${admin}`, folder, process: child, stop }
}

const shared = fileURLToPath(new URL('../nginx', import.meta.url))

// What is kept is a file an answer, and the disk of one machine is its database's too.
const memoryFolder = (): Promise<string> =>
  access('/dev/shm', constants.W_OK).then(
    () => '/dev/shm',
    () => tmpdir(),
  )

const filesOf = (modules: readonly string[], folder: string, cache: string, endpoints: Endpoints) => ({
  'api.lua': apiOf(endpoints),
  'nginx.conf': `${modules.map((module) => `load_module ${module};\n`).join('')}
daemon off;
worker_processes 2;
worker_shutdown_timeout 5s;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 8192; }
http {
    lua_package_path '${folder}/?.lua;${shared}/lua/?.lua;;';
    proxy_cache_path ${cache} levels=1:2 keys_zone=public:128m max_size=6g min_free=512m inactive=1h use_temp_path=off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    limit_req_zone $binary_remote_addr zone=requests:1m rate=100r/s;
    limit_conn_zone $binary_remote_addr zone=connections:1m;
    include atelierx.conf;
    access_log access.log requests buffer=64k flush=1s;
}
`,
})

const publicOf = ({ limits = 'on', cache = true }: Place, port: number): string =>
  [
    `listen 127.0.0.1:${port} backlog=4096;`,
    ...(limits === 'on' ? ['limit_req zone=requests burst=200 nodelay;', 'limit_conn connections 100;'] : []),
    ...(cache ? [] : ['set $no_cache 1;']),
    '',
  ].join('\n')

const adminOf = (port: number): string => `listen 127.0.0.1:${port};\nallow 127.0.0.1;\ndeny all;\n`

const canExecute = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

// A connection says nothing: NGINX listens at one port while it still tries to get another.
const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(200) }).then(
    ({ ok }) => ok,
    () => setTimeout(20, false),
  )
