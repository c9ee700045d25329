import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../db/test.ts'

const increments = 500

/** `npm start` with two processes. */
const startTwo = async () => {
  const database = await createDatabase({ fixture: true })
  const child = fork(fileURLToPath(new URL('../../ops/start.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, DATABASE_URL: database.url, PORT: '0', ATELIER_WORKERS: '2' },
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
  return { database, child, exited, url }
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
  const { child, url } = await startTwo()
  const before = await workersOf(child.pid)
  expect(before).toHaveLength(2)
  process.kill(before[0]!, 'SIGKILL')

  let after = before
  while (after.includes(before[0]!) || after.length < 2) {
    await setTimeout(50)
    after = await workersOf(child.pid)
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/products/1`)))
  expect(answers.every(({ ok }) => ok)).toBe(true)
})

/** The process ids of a cluster's workers. */
const workersOf = async (parent = 0): Promise<number[]> => {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(parent), '-f', 'worker.ts']).catch(() => ({
    stdout: '',
  }))
  return stdout.split('\n').filter(Boolean).map(Number)
}
