import { fork } from 'node:child_process'
import cluster from 'node:cluster'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createDatabase } from '../../../db/test/database.ts'
import { serveCluster } from './cluster.ts'

const increments = 500

/** `npm start` with two processes. */
const startTwo = async (more: Record<string, string> = {}) => {
  const database = await createDatabase({ fixture: true })
  const child = fork(fileURLToPath(new URL('../../../ops/start.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, DATABASE_URL: database.url, PORT: '0', ATELIER_WORKERS: '2', ...more },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
    await database.drop()
  })
  let printed = ''
  child.stderr?.on('data', (data) => (printed += String(data)))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      const [, url] = /answers at (\S+)/.exec((printed += String(data))) ?? []
      if (url) resolve(url)
    })
    void exited.then(() => reject(new Error(printed)))
  })
  await expect.poll(() => printed).toContain('Ctrl-C')
  return { database, child, exited, url, printed }
}

test('increments through two processes all count, and Ctrl-C ends both', async () => {
  const { database, child, exited, url } = await startTwo()
  const answers = await Promise.all(
    Array.from({ length: increments }, () => fetch(`${url}/reviews/1/helpful`, { method: 'PUT' })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
  expect(await database.sql`select helpfulness from reviews where review_id = 1`).toEqual([
    { helpfulness: 3 + increments },
  ])
  child.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  await expect(fetch(url)).rejects.toThrow()
})

test('a process that is killed is replaced', async () => {
  const database = await createDatabase({ fixture: true })
  onTestFinished(database.drop)
  // The processes are TypeScript too.
  vi.stubEnv('NODE_OPTIONS', '--import tsx')
  onTestFinished(() => void vi.unstubAllEnvs())
  const server = await serveCluster(2, { url: database.url, host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.stop({ drainMs: 0 }))

  const ids = () => Object.values(cluster.workers ?? {}).map((worker) => worker?.process.pid)
  const [victim] = ids()
  process.kill(victim!, 'SIGKILL')
  await once(cluster, 'listening')
  expect(ids()).toHaveLength(2)
  expect(ids()).not.toContain(victim)
  const url = `http://127.0.0.1:${server.port}/products/1`
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)))
  expect(answers.every(({ ok }) => ok)).toBe(true)
})

test('the primary serves the metrics of all processes together, and says how many there are', async () => {
  const { url, printed } = await startTwo({ ATELIER_ADMIN_PORT: '0' })
  const [metrics = ''] = /http:\S+\/metrics/.exec(printed) ?? []
  await Promise.all(Array.from({ length: 100 }, () => fetch(`${url}/products/1`)))
  const text = await (await fetch(metrics)).text()
  expect(text).toContain('\natelierx_requests_total{operation="getProduct",status="200"} 100\n')
  expect(text).toContain('\natelierx_pool_connections{server="primary",pool="reads"} 6\n')
  expect(text).toContain('\natelierx_processes 2\n')
  expect(text).toContain('\natelierx_processes_replaced_total 0\n')
  for (const probe of ['livez', 'readyz']) expect((await fetch(metrics.replace('metrics', probe))).status).toBe(200)
})
