import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { createDatabase } from '../db/test/database.ts'
import { startScript, waitForUrl } from './test/startProcess.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Styles = { results: { photos: { url: string; thumbnail_url: string }[]; skus: object }[] }

const start = (env: Record<string, string>) => {
  const { DATABASE_URL: _, ...inherited } = process.env
  return startScript(['ops/start.ts'], { ...inherited, ATELIER_DATA: folder, PORT: '0', ...env })
}

test('an empty folder becomes an API with demo data, Ctrl-C ends it, and a second start finds the data', async () => {
  const first = start({})
  const product = await fetch(`${await waitForUrl(first)}/products/1`)
  expect(product.status).toBe(200)
  const { created_at } = (await product.json()) as { created_at: string }
  expect(first.output.text).toContain('filling it with a demo set')
  first.child.kill('SIGINT')
  expect(await first.exited).toEqual([0, null])

  const second = start({})
  const again = await fetch(`${await waitForUrl(second)}/products/1`)
  expect(await again.json()).toMatchObject({ id: 1, created_at })
  expect(second.output.text).not.toContain('filling')
  second.child.kill('SIGTERM')
  expect(await second.exited).toEqual([0, null])
})

test('a start that is interrupted while it fills the database is completed by the next', async () => {
  const database = await createDatabase()
  onTestFinished(database.drop)
  const env = { DATABASE_URL: database.url }
  const first = start(env)
  await once(first.child.stdout, 'data')
  first.child.kill('SIGINT')
  expect(await first.exited).toEqual([1, null])

  const second = start(env)
  await waitForUrl(second)
  expect(await database.sql`select count(*)::int as products from products`).toEqual([{ products: 1000 }])
  second.child.kill('SIGINT')
  await second.exited
})

test('in production a signal first lets the clients disconnect', async () => {
  const database = await createDatabase({ fixture: true })
  onTestFinished(database.drop)
  const server = start({
    DATABASE_URL: database.url,
    NODE_ENV: 'production',
    ATELIER_WORKERS: '2',
    ATELIER_DRAIN_MS: '1000',
  })
  const url = await waitForUrl(server)
  server.child.kill('SIGTERM')
  while ((await fetch(`${url}/readyz`)).status === 200);
  const answer = await fetch(`${url}/products/1`)
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
  expect(await server.exited).toEqual([0, null])
})

test('production starts on an empty database, and leaves it empty', async () => {
  const database = await createDatabase()
  onTestFinished(database.drop)
  const server = start({ DATABASE_URL: database.url, NODE_ENV: 'production', ATELIER_DRAIN_MS: '0' })
  expect((await fetch(`${await waitForUrl(server)}/products`)).status).toBe(200)
  expect(await database.sql`select from products`).toHaveLength(0)
  server.child.kill('SIGTERM')
  await server.exited
})

test.each([
  [{ PORT: 'http' }, /^PORT is http: set it to a number from 0/],
  [{ ATELIER_DRAIN_MS: '5 s' }, /^ATELIER_DRAIN_MS is 5 s: set it to milliseconds, from 0 to 99999\./],
  [{ HOST: 'no.such.host.invalid' }, /^The API cannot listen on no.such.host.invalid:0 .*: correct HOST and PORT\./],
  [{ DATABASE_URL: 'postgres://127.0.0.1:1/atelier' }, /^Nothing listens at 127.0.0.1:1: start PostgreSQL there/],
  [{ NODE_ENV: 'production' }, /^DATABASE_URL is not set, and production does not start/],
])('%j is one line that names the fix', async (env, line) => {
  const { output, exited } = start(env)
  expect(await exited).toEqual([1, null])
  expect(output.text).toMatch(line)
  expect(output.text.trim().split('\n')).toHaveLength(1)
})

test('in development the next free port is used if PORT is unset, and pictures come from there', async () => {
  const other = createServer().listen(3000, '127.0.0.1')
  await Promise.race([once(other, 'listening'), once(other, 'error')])
  onTestFinished(() => void other.close())
  const server = start({ PORT: '' })
  const url = await waitForUrl(server)
  expect(server.output.text).toMatch(/^Port 3000 is taken: set PORT to choose another than 30\d\d\.$/m)
  const { results } = (await (await fetch(`${url}/products/1/styles`)).json()) as Styles
  const photos = results.flatMap(({ photos }) => photos.flatMap((photo) => [photo.url, photo.thumbnail_url]))
  expect(photos.length).toBeGreaterThan(1)
  for (const photo of photos) {
    const picture = await fetch(photo)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  }
  server.child.kill('SIGINT')
  expect(await server.exited).toEqual([0, null])
})

test('a port that is taken is one line that names the fix', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const { port } = other.address() as { port: number }
  const { output, exited } = start({ PORT: String(port), DATABASE_URL: inject('template') })
  expect(await exited).toEqual([1, null])
  expect(output.text).toBe(`Port ${port} is taken: stop what listens on it, or set PORT to another.\n`)
})
