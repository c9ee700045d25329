import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { client } from '../../db/client.ts'
import { createDatabase, fixtureFile, refill } from '../../db/test/database.ts'
import { describeNginx } from '../nginx/test/stack.ts'
import { findNginx } from '../stack/findNginx.ts'
import { startNginx } from '../stack/nginx.ts'
import { startScript, waitForUrl } from '../test/startProcess.ts'

const folder = import.meta.dirname
const read = (name: string) => readFile(join(folder, name), 'utf8')
const promtool = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}
/** The database of the hosts in `npm run test:ops`, else a new one. */
const findDatabase = async (): Promise<string> => {
  const served = inject('served')
  if (served) {
    // Else `npm start` would fill it with the demo shop, in tables that belong to the superuser.
    const sql = client(served.database, { max: 1 })
    await refill(sql, fixtureFile)
    await sql.end({ timeout: 5 })
    return served.database
  }
  const { url, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  return url
}
const isThere = !spawnSync('promtool', ['--version']).error

describe.skipIf(!isThere)(`promtool${isThere ? '' : ' (apt-get install prometheus)'}`, () => {
  test.each([
    ['check', 'config', 'prometheus.yml'],
    ['check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
  ])('%s %s finds no mistake', (...args) => {
    const { status, output } = promtool(...args)
    expect([output.match(/FAILED.*/g), status], output).toEqual([null, 0])
  })
})

test('each alert has a test, and a paragraph on what to do', async () => {
  const alerts = [...(await read('alerts.yml')).matchAll(/alert: (\w+)/g)].map(([, name]) => name)
  const tested = [...(await read('alerts.test.yml')).matchAll(/alertname: (\w+)/g)].map(([, name]) => name)
  expect([...new Set(tested)]).toEqual(alerts)
  const described = [...(await read('README.md')).matchAll(/^- \*\*`(\w+)`\*\*/gm)].map(([, name]) => name)
  expect(described).toEqual(alerts)
})

describeNginx('metrics', () => {
  const namesIn = async (url: string): Promise<string[]> => {
    const text = await (await fetch(url)).text()
    return [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['bucket', 'sum', 'count'].map((end) => `${name}_${end}`) : [name],
    )
  }
  const listExported = async (): Promise<string[]> => {
    const env = { DATABASE_URL: await findDatabase(), PORT: '0', ATELIER_WORKERS: '2', ATELIER_ADMIN_PORT: '0' }
    const node = startScript(['ops/start.ts'], { ...process.env, ...env })
    onTestFinished(() => void node.exited)
    const balancer = await startNginx(await findNginx(), { ports: [Number(new URL(await waitForUrl(node)).port)] })
    onTestFinished(balancer.stop)
    await expect.poll(() => node.output.text).toContain('/metrics')
    const [admin = ''] = /http:\S+\/metrics/.exec(node.output.text) ?? []
    return [...(await namesIn(admin)), ...(await namesIn(`${balancer.admin}/metrics`))]
  }

  test('that rules and dashboard name are exported, and those of the API are named there', async () => {
    const exported = await listExported()
    let used = ''
    for (const name of ['alerts.yml', 'alerts.test.yml', 'dashboard.json']) {
      const text = await read(name)
      const names = text.match(/\b(atelierx|nodejs|process)_\w+/g) ?? []
      expect(names.length).toBeGreaterThan(10)
      expect(names.filter((metric) => !exported.includes(metric))).toEqual([])
      used += text
    }
    const bases = exported
      .filter((name) => name.startsWith('atelierx_'))
      .map((name) => name.replace(/_(sum|bucket)$/, '_count'))
    const unused = [...new Set(bases)].filter((name) => !used.includes(name.replace(/_count$/, '_')))
    expect(unused).toEqual(['atelierx_cache_groups_free_bytes'])
  })

  test('of the balancer count its responses by status and by cache status', async () => {
    const balancer = await startNginx(await findNginx(), { ports: [9] })
    onTestFinished(balancer.stop)
    const metrics = async () => (await fetch(`${balancer.admin}/metrics`)).text()
    const before = await metrics()
    expect(before).toContain('atelierx_cache_responses_total{status="HIT"} 0\n')
    await fetch(`${balancer.url}/products/1`)
    await expect.poll(metrics).toContain('atelierx_balancer_responses_total{status="503"} 1\n')
    await fetch(`${balancer.admin}/invalidate`, { method: 'POST' })
    expect(await metrics()).toContain('atelierx_cache_invalidations_total{scope="all"} 1\n')
    expect((await fetch(`${balancer.url}/metrics`)).status).toBe(503)
  })
})
