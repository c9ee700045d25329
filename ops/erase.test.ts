import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../db/test/database.ts'
import { startScript } from './test/startProcess.ts'

const erase = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
  const { exited, output } = startScript(['ops/erase.ts', ...args], { ...process.env, ...env }, 'SIGKILL')
  const [status] = await exited
  return { status, text: output.text }
}

test('erases a person from the command line, shows what it did, and invalidates balancers', async () => {
  const { url, sql, drop } = await createDatabase({ fixture: true })
  onTestFinished(drop)
  const asked: (string | undefined)[] = []
  const balancer = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  onTestFinished(() => void balancer.close())
  const { port } = balancer.address() as AddressInfo
  const env = { DATABASE_URL: url, ATELIER_BALANCERS: `http://127.0.0.1:${port}` }
  const erased = () => sql`select reviewer_name from reviews where reviewer_email is null`

  const dry = await erase(env, '--email', 'SPAMMER@mail.example', '--dry-run')
  expect(dry).toMatchObject({ status: 0, text: expect.stringMatching(/reviews\s+│ 1\b/) as string })
  expect([await erased(), asked]).toEqual([[], []])
  const done = await erase(env, '--email', 'SPAMMER@mail.example')
  expect(done).toMatchObject({ status: 0, text: expect.stringMatching(/questions │ 1\s+│ 1\b/) as string })
  expect([await erased(), asked]).toEqual([[{ reviewer_name: 'Anonymous' }], ['POST /invalidate']])
  const again = await erase(env, '--email', 'spammer@mail.example')
  expect(again.text).toMatch(/answers\s+│ 0\s+│ 0\b/)
})

test.each([
  [[], '--email is missing: give it an address, as in --email person@example.org.\n'],
  [['--email', 'nobody'], '--email is nobody: give it an address, as in --email person@example.org.\n'],
  [['--mail', 'x'], "Unknown option '--mail': npm run erase -- --help shows what there is.\n"],
])('refuses %j in one line', async (args, text) => {
  expect(await erase({}, ...args)).toEqual({ status: 1, text })
})

test('--help says what it does', async () => {
  expect(await erase({}, '--help')).toMatchObject({ status: 0, text: expect.stringContaining('texts stay') as string })
})
