import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../db/test/database.ts'
import { describeNginx } from '../nginx/test/stack.ts'
import { findPrometheus } from './prometheus.ts'
import { startScript } from '../test/startProcess.ts'

const stack = (args: readonly string[], env: Record<string, string> = {}) =>
  startScript(['ops/stack/cli.ts', ...args], { ...process.env, ...env })

const freePort = async (): Promise<number> => {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  await once(free.close(), 'close')
  return port
}

const useDatabase = async (): Promise<string> => {
  const { url, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  return url
}

test.each([
  [['--help'], 0, /^npm run stack/],
  [['--port', 'http'], 1, /^--port is http: give it a whole number from 1 to 65535\.$/],
  [['--nodes', '0'], 1, /^--nodes is 0: give it a whole number from 1 to 16/],
  [['--prot', '1'], 1, /^Unknown option '--prot': npm run stack -- --help shows what there is\.$/],
])('%j ends with %i', async (args, status, text) => {
  const { output, exited } = stack(args)
  expect(await exited).toEqual([status, null])
  expect(output.text.trim()).toMatch(text)
})

const hasPrometheus = await findPrometheus().then(
  () => true,
  () => false,
)

describeNginx('the local stack', () => {
  test('answers through NGINX at its port, and Ctrl-C ends all of it', async () => {
    const port = await freePort()
    const { child, output, exited } = stack(['--port', String(port)], { DATABASE_URL: await useDatabase() })
    await expect.poll(() => output.text, { timeout: 30_000 }).toContain('Ctrl-C ends it')
    const urls = [...output.text.matchAll(/(http:\S+\d)\b/g)].map(([, url]) => url!)
    expect((await fetch(`http://127.0.0.1:${port}/products/1`)).headers.get('x-cache')).toBe('MISS')
    const [, status = ''] = /status\s+(\S+)/.exec(output.text) ?? []
    // A response is counted after it has been sent.
    await expect.poll(async () => (await fetch(status)).json()).toMatchObject({ cache: { MISS: 1 } })

    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
    for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed')
    const [, folder = ''] = /logs\s+(\S+)/.exec(output.text) ?? []
    expect(existsSync(folder)).toBe(false)
  })

  test.skipIf(!hasPrometheus)('with --observe, Prometheus reads the nodes and NGINX', async () => {
    const args = ['--port', String(await freePort()), '--observe']
    const { child, output, exited } = stack(args, { DATABASE_URL: await useDatabase() })
    await expect.poll(() => output.text, { timeout: 30_000 }).toContain('Ctrl-C ends it')
    const [, prometheus = ''] = /graphs\s+(http:\S+)\/graph/.exec(output.text) ?? []
    const healthy = async () => {
      const response = await fetch(`${prometheus}/api/v1/query?query=count(up == 1)`)
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
      return data.result[0]?.value[1]
    }
    await expect.poll(healthy, { timeout: 30_000, interval: 500 }).toBe('3')
    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
    await expect(fetch(prometheus)).rejects.toThrow('fetch failed')
  })

  test('--observe where there is no Prometheus names its package', async () => {
    const { output, exited } = stack(['--observe'], { PATH: '/usr/sbin' })
    expect(await exited).toEqual([1, null])
    expect(output.text).toBe('There is no Prometheus here: run apt-get install prometheus.\n')
  })

  test('NGINX that ends is noticed and said, and ends the nodes too', async () => {
    const { output, exited } = stack(['--port', String(await freePort())], { DATABASE_URL: await useDatabase() })
    await expect.poll(() => output.text, { timeout: 30_000 }).toContain('Ctrl-C ends it')
    const [, folder = ''] = /logs\s+(\S+)/.exec(output.text) ?? []
    const urls = [...output.text.matchAll(/node \d+\s+(\S+)/g)].map(([, url]) => url!)
    process.kill(Number(readFileSync(`${folder}/nginx.pid`, 'utf8')), 'SIGTERM')
    expect(await exited).toEqual([1, null])
    expect(output.text).toMatch(/^NGINX has ended \(0\), and the stack with it: /m)
    for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  test('a port that is taken is one line that names the fix', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const { output, exited } = stack(['--port', String(port)], { DATABASE_URL: await useDatabase() })
    expect(await exited).toEqual([1, null])
    expect(output.text).toBe(`127.0.0.1:${port} is taken: stop what listens on it, or name another with --port.\n`)
  })
})
