import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import { findNginx } from '../stack/findNginx.ts'
import { type Balancer, startNginx } from '../stack/nginx.ts'
import { toLua } from '../nginx/toLua.ts'
import { run, runLine, type DeployTarget } from './target.ts'
import { startLoad } from './test/startLoad.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const nginx = await findNginx().catch((error: Error) => error)
const missing = nginx instanceof Error ? ` (${nginx.message})` : ''

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  await once(probe.close(), 'close')
  return port
}

describe.skipIf(missing)(`a deploy${missing}`, { timeout: 120_000 }, () => {
  let database: TestDatabase
  let folder: string
  let balancer: Balancer
  let target: DeployTarget

  const deploy = (...args: string[]) =>
    new Promise<{ status: number; output: string }>((resolve) => {
      const all = ['--import', 'tsx', 'ops/deploy/cli.ts', ...args]
      const child = execFile(process.execPath, all, { cwd: project }, (_, stdout, stderr) =>
        resolve({ status: child.exitCode ?? -1, output: stdout + stderr }),
      )
    })
  const readBuilds = () => Promise.all(target.nodes.map(({ on }) => run(on, 'sh', '-c', target.commands.current)))

  beforeAll(async () => {
    database = await createDatabase({ fixture: true })
    folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
    await chmod(folder, 0o711)
    await mkdir(join(folder, 'builds/broken/ops'), { recursive: true })
    await writeFile(join(folder, 'builds/broken/ops/start.ts'), "throw new Error('This build does not start.')")
    await symlink(join(project, 'node_modules'), join(folder, 'builds/broken/node_modules'))
    for (const build of ['first', 'second']) await symlink(project, join(folder, 'builds', build))

    const environment = {
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      ATELIER_WORKERS: '1',
      ATELIER_DRAIN_MS: '1000',
    }
    const nodes = []
    for (const name of ['1', '2']) {
      const port = await freePort()
      await mkdir(join(folder, name))
      const all = { ...environment, HOST: '127.0.0.1', PORT: String(port), NODE: join(folder, name) }
      nodes.push({ address: `127.0.0.1:${port}`, on: ['env', ...Object.entries(all).map((pair) => pair.join('='))] })
    }
    balancer = await startNginx(nginx as never, {
      ports: nodes.map(({ address }) => Number(address.split(':')[1])),
      limits: 'off',
    })
    target = {
      balancer: { on: [], admin: balancer.admin },
      database: { on: ['env', `DATABASE_URL=${database.url}`] },
      nodes,
      commands: {
        migrate: `cd ${folder}/builds/$1 && node --import tsx db/migrate.cli.ts`,
        current: 'cat "$NODE/build"',
        replace: `sh ${project}/ops/deploy/test/replace.sh "$NODE" "$1"`,
        inform: `cd ${folder}/builds/$1 && node --import tsx ops/nginx/api.cli.ts >${balancer.folder}/api.lua`,
      },
    }
    await writeFile(join(folder, 'target.json'), JSON.stringify(target))
    await Promise.all(nodes.map(({ on }) => runLine(on, target.commands.replace, 'first')))
  })
  afterAll(async () => {
    await balancer?.stop()
    for (const name of ['1', '2']) {
      const pid = Number(await readFile(join(folder, name, 'pid'), 'utf8').catch(() => '0'))
      if (pid > 0) process.kill(pid, 'SIGKILL')
    }
    await database?.drop()
    await rm(folder, { recursive: true })
  })

  test('replaces the nodes one by one, and no request of any method fails', async () => {
    const [before] = await database.sql`select helpfulness from reviews where review_id = 1`
    const readCacheStatus = async () => (await fetch(`${balancer.url}/products/2`)).headers.get('x-cache')
    // An older build cached nothing.
    await writeFile(
      join(balancer.folder, 'api.lua'),
      `return ${toLua({ bases: ['^/'], reads: [], private: [], failures: {} })}`,
    )
    await fetch(`${balancer.admin}/invalidate`, { method: 'POST' })
    expect(await readCacheStatus()).toBeNull()
    const end = startLoad(balancer.url)
    await setTimeout(200)
    const { status, output } = await deploy('second', '--target', join(folder, 'target.json'))
    const outcomes = await end()
    expect([status, output]).toEqual([0, expect.stringMatching(/All nodes run second\.\n$/)])
    expect(await readBuilds()).toEqual(['second', 'second'])
    expect([await readCacheStatus(), await readCacheStatus()]).toEqual(['MISS', 'HIT'])
    expect(Object.keys(outcomes).toSorted()).toEqual(['GET 200', 'PUT 204'])
    const [after] = await database.sql`select helpfulness from reviews where review_id = 1`
    expect(after?.helpfulness - before?.helpfulness).toBe(outcomes['PUT 204'])
  })

  test('stops at a build that does not start, gives the node its old one back, and no request fails', async () => {
    const end = startLoad(balancer.url)
    await setTimeout(200)
    const broken = { ...target, commands: { ...target.commands, migrate: 'true' } }
    await writeFile(join(folder, 'broken.json'), JSON.stringify(broken))
    const { status, output } = await deploy('broken', '--target', join(folder, 'broken.json'))
    expect(Object.keys(await end()).toSorted()).toEqual(['GET 200', 'PUT 204'])
    expect(status).toBe(1)
    expect(output).toMatch(/did not come up, and runs second again; no node after it was touched/)
    expect(output).toContain('This build does not start.')
    expect(await readBuilds()).toEqual(['second', 'second'])
  })

  test('touches no node when the migrations fail', async () => {
    const { status, output } = await deploy('missing', '--target', join(folder, 'target.json'))
    expect([status, output]).toEqual([1, expect.stringMatching(/The migrations failed, and no node was touched/)])
    expect(await readBuilds()).toEqual(['second', 'second'])
  })

  test('drains no node when the others do not answer', async () => {
    const url = `${balancer.admin}/drain?node=${target.nodes[0]?.address}`
    expect((await fetch(url.replace(/node=.*/, 'node=10.9.9.9:1'), { method: 'POST' })).status).toBe(409)
    expect((await fetch(url)).status).toBe(403)
  })

  test('--dry-run changes nothing, and a mistake is one line that names the fix', async () => {
    const file = join(folder, 'target.json')
    const dry = await deploy('third', '--target', file, '--dry-run')
    expect([dry.status, dry.output.split('\n').length]).toEqual([0, 4])
    expect(await readBuilds()).toEqual(['second', 'second'])
    expect((await deploy('a;b', '--target', file)).output).toMatch(/^a;b is not the name of a build/)
    expect((await deploy('a', '--target', '/none')).output).toMatch(/^The target \/none cannot be read \(ENOENT\)/)
    expect((await deploy('a')).output).toMatch(/^Name the target/)
  })
})
