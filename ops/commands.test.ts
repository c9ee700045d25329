import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { client, type Sql } from '../db/client.ts'
import { type Embedded, startEmbedded } from '../db/embedded/start.ts'
import { migrate } from '../db/migrate.ts'
import { fixtureFile } from '../db/test/database.ts'
import { productsOf } from '../importer/test/importer.ts'
import { type RunningProcess, startScript, waitForUrl } from './test/startProcess.ts'

// Commands that use the embedded server at once, and end in any order: none stops it for the other, and none leaves it
// running.

let folder: string
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await chmod(folder, 0o711)
  await mkdir(join(folder, 'csv'))
  await writeFile(join(folder, 'csv/product.csv'), productsOf(1, 2))
  const server = await startEmbedded(folder)
  url = server.url
  const sql = client(url, { max: 1 })
  await migrate(sql)
  await sql.unsafe(await readFile(fixtureFile, 'utf8'))
  await sql.end({ timeout: 5 })
  await server.stop()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const scripts = {
  start: ['ops/start.ts'],
  import: ['importer/cli.ts', 'csv'],
  verify: ['db/verify.cli.ts'],
  migrate: ['db/migrate.cli.ts'],
} as const
type Command = keyof typeof scripts

type Running = RunningProcess & { readonly command: Command }

const run = (command: Command): Running => {
  const { DATABASE_URL: _, ...inherited } = process.env
  const env = { ...inherited, ATELIER_DATA: folder, INIT_CWD: folder, PORT: '0' }
  return { command, ...startScript(scripts[command], env, 'SIGKILL') }
}

const connectable = async (): Promise<boolean> => {
  const sql = client(url, { max: 1 })
  try {
    await sql`select 1`
    return true
  } catch {
    return false
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The number of commands that wait for the lock of migrations, and so hold the server. */
const countWaiting = async (sql: Sql): Promise<number> => {
  const rows = await sql`select from pg_locks where locktype = 'advisory' and not granted`
  return rows.length
}

/** Expects a command to finish with status 0; an API has to answer first, and is then interrupted. */
const expectToFinish = async ({ command, child, output, exited }: Running): Promise<void> => {
  if (command !== 'start') {
    const end = await exited
    return expect(end, output.text).toEqual([0, null])
  }
  const api = await waitForUrl({ child, output, exited })
  const status = () => fetch(`${api}/products/1`).then((response) => response.status)
  await expect.poll(status).toBe(200)
  expect(await status()).toBe(200)
  child.kill('SIGINT')
  expect(await exited).toEqual([0, null])
}

const commands = Object.keys(scripts) as Command[]
const pairs = commands.flatMap((one, at) =>
  // Two commands that end by themselves give the same case in either order.
  commands.filter((other, after) => after >= at || other === 'start').map((other) => [one, other] as const),
)
const cases = pairs.flatMap(([one, other], at) => [
  [one, other, 'first', one === 'start' && at % 2 ? 'SIGINT' : 'SIGKILL'] as const,
  [one, other, 'second', other === 'start' && at % 8 ? 'SIGINT' : 'SIGKILL'] as const,
])

test.each(cases)('%s and %s, of which the %s ends by %s: the other goes on', async (one, other, victim, signal) => {
  const key: Embedded = await startEmbedded(folder)
  const sql = client(url, { max: 1 })
  onTestFinished(() => sql.end({ timeout: 0 }))
  const lock = () => sql`select pg_advisory_lock(hashtext('atelierx migrations'))`
  const held = async (count: number) =>
    expect.poll(() => countWaiting(sql), { timeout: 30_000, interval: 20 }).toBeGreaterThanOrEqual(count)
  if (one !== 'start') await lock()
  const first = run(one)
  if (one === 'start') {
    await waitForUrl(first)
    await lock()
  } else await held(1)
  const second = run(other)
  await held(one === 'start' ? 1 : 2)
  await key.stop()

  const [dying, living] = victim === 'first' ? [first, second] : [second, first]
  dying.child.kill(signal)
  await dying.exited
  await sql`select pg_advisory_unlock_all()`
  await sql.end({ timeout: 5 })
  await expectToFinish(living)
  await expect.poll(connectable, { timeout: 10_000 }).toBe(false)
})

test('two that import at once: the second has to wait, and the first succeeds', async () => {
  const [one, other] = [run('import'), run('import')]
  const statuses = [await one.exited, await other.exited].map(([status]) => status)
  expect(statuses).toContain(0)
  await expect.poll(connectable, { timeout: 10_000 }).toBe(false)
})

test('an API whose server is killed answers again', async () => {
  const api = run('start')
  const address = await waitForUrl(api)
  const status = () => fetch(`${address}/products/1`).then((response) => response.status)
  expect(await status()).toBe(200)
  process.kill(Number((await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL')
  await expect.poll(status, { timeout: 30_000 }).toBe(200)
  api.child.kill('SIGINT')
  expect(await api.exited).toEqual([0, null])
  await expect.poll(connectable, { timeout: 10_000 }).toBe(false)
})
