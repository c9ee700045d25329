import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { client, type Sql } from '../../db/client.ts'
import { findInstallation } from '../../db/embedded/installation.ts'
import { type Server, startServer } from '../../db/embedded/server.ts'
import { migrate } from '../../db/migrate.ts'
import { fixtureFile } from '../../db/test/database.ts'
import { findNginx } from '../stack/findNginx.ts'
import { startNginx } from '../stack/nginx.ts'
import { startNode } from '../stack/stack.ts'
import { type FaultProxy, startFaultProxy } from './proxy.ts'

/** A balancer, two nodes and a database server of their own, with a proxy in each link between them. */
export type Shop = {
  readonly url: string
  /** Runs a task on a new connection past the proxies, as a superuser: an older one may have ended with the server. */
  readonly withSql: <Result>(task: (sql: Sql) => Promise<Result>) => Promise<Result>
  readonly links: { readonly database: FaultProxy; readonly nodes: readonly FaultProxy[] }
  readonly nodes: readonly ChildProcess[]
  /** The lines of the nodes' stderr that tell of a bug. */
  readonly unexpected: () => readonly string[]
  /** Stops the server: SIGINT disconnects clients first, SIGQUIT is a crash. `startServer` starts it again. */
  readonly stopServer: (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>
  readonly startServer: () => Promise<void>
  /** Fills and empties the disk of the tables; undefined where no file system can be mounted. */
  readonly disk: { readonly fill: () => Promise<void>; readonly empty: () => Promise<void> } | undefined
  /** Resolves when both nodes answer requests. */
  readonly settled: () => Promise<void>
  readonly stop: () => Promise<void>
}

const settings = { fsync: 'off', max_connections: '60', superuser_reserved_connections: '5', jit: 'off' }
const clock = new URL('clock.ts', import.meta.url).href
const execute = promisify(execFile)

/** Starts a shop on the fixture. */
export const startShop = async (): Promise<Shop> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-faults-'))
  // As root, PostgreSQL runs under another account, which has to get here.
  await chmod(folder, 0o711)
  const installation = await findInstallation(folder)
  let server: Server = await startServer(installation, settings)
  const admin = client(server.url, { max: 1 })
  const small = await mountSmall(64, installation.data)
  if (small) await admin.unsafe(`create tablespace small location '${small}'`)
  await admin.unsafe(`create database shop ${small ? 'tablespace small' : ''}`)
  // As an application's role: a superuser would get the reserved connections.
  await admin`create role shop login`
  await admin.end({ timeout: 5 })
  const url = new URL(server.url)
  url.pathname = 'shop'
  const withSql: Shop['withSql'] = async (task) => {
    const sql = client(url.href, { max: 1 })
    try {
      return await task(sql)
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
  const fixture = await readFile(fixtureFile, 'utf8')
  await withSql(async (sql) => {
    await migrate(sql)
    await sql.unsafe(fixture)
    await sql.unsafe(
      'grant all on all tables in schema public to shop; grant all on all sequences in schema public to shop',
    )
  })
  const database = await startFaultProxy({ path: join(installation.sockets, '.s.PGSQL.5432') })
  const nodes = await Promise.all(
    [1, 2].map(() =>
      startNode(`postgres://shop@127.0.0.1:${database.port}/shop`, { stderr: 'pipe', imports: [clock] }),
    ),
  )
  const lines: string[] = []
  for (const { child } of nodes) child.stderr?.on('data', (piece) => lines.push(String(piece)))
  const links = await Promise.all(nodes.map(({ port }) => startFaultProxy({ host: '127.0.0.1', port })))
  const balancer = await startNginx(await findNginx(), {
    ports: links.map(({ port }) => port),
    limits: 'off',
    cache: false,
  })

  const filler = join(small ?? '', 'filler')
  return {
    url: balancer.url,
    withSql,
    links: { database, nodes: links },
    nodes: nodes.map(({ child }) => child),
    unexpected: () => lines.filter((line) => /uncaught|unhandled|TypeError|RangeError|ReferenceError/i.test(line)),
    stopServer: async (signal) => {
      process.kill(server.pid, signal)
      await server.ended
    },
    startServer: async () => {
      server = await startServer(installation, settings)
    },
    disk:
      small === undefined
        ? undefined
        : {
            fill: async () => {
              // Ends with an error when there is no room left.
              await execute('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => {})
            },
            empty: () => rm(filler, { force: true }),
          },
    settled: async () => {
      for (const link of links) {
        const before = link.delivered()
        while (link.delivered() === before)
          await fetch(`${balancer.url}/products/1`).then((response) => response.text())
      }
    },
    stop: async () => {
      await balancer.stop()
      for (const { child } of nodes) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      await Promise.all([database, ...links].map((link) => link.close()))
      await server.stop()
      if (small) await execute('umount', ['-l', small])
      for (const path of [folder, ...(small ? [small] : [])]) await rm(path, { recursive: true, force: true })
    },
  }
}

/** A file system of so many MB for the tables of a server with this data. */
const mountSmall = async (megabytes: number, data: string): Promise<string | undefined> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-small-'))
  try {
    const { uid, gid } = await stat(data)
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder])
    await chown(folder, uid, gid)
    return folder
  } catch {
    await rm(folder, { recursive: true })
    return undefined
  }
}
