import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import type { ServerHandle } from './http/listen.ts'
import { serveNode } from './node.ts'

let own: TestDatabase
let server: ServerHandle
let origin: string
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
  server = await serveNode({ url: own.url, host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${server.port}`
})
afterAll(async () => {
  await server.stop({ drainMs: 0 })
  await own.drop()
})

const reads = [
  '/products/1',
  '/products/1/styles',
  '/products',
  '/reviews?product_id=1&sort=newest',
  '/reviews?product_id=1&count=500',
  '/reviews/meta?product_id=1',
  '/qa/questions?product_id=1',
  '/qa/questions/1/answers',
]
const counters = ['/reviews/1/helpful', '/qa/questions/1/helpful', '/qa/answers/1/helpful']

const killAll = () => own.sql`
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`
const countsOf = async () => {
  const [counts] = await own.sql`
    select
      (select helpfulness from reviews where review_id = 1) as "/reviews/1/helpful",
      (select question_helpfulness from questions where question_id = 1) as "/qa/questions/1/helpful",
      (select helpfulness from answers where answer_id = 1) as "/qa/answers/1/helpful"`
  return counts as Record<string, number>
}

/** Asks as long as it may, and counts the answers by path and status. */
const asking = async (paths: readonly string[], method: string, signal: AbortSignal, seen: Map<string, number>) => {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const path = paths[turn % paths.length] as string
    const response = await fetch(origin + path, { method })
    await response.arrayBuffer()
    const name = `${response.status} ${path}`
    seen.set(name, (seen.get(name) ?? 0) + 1)
  }
}

test('whatever dies, what is acknowledged is counted, all else is refused, and the next request is answered', async () => {
  // The server logs lost connections.
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const before = await countsOf()
  const seen = new Map<string, number>()
  const done = new AbortController()
  const callers = [
    ...Array.from({ length: 12 }, (_, at) => asking(reads.toSpliced(0, at % 8), 'GET', done.signal, seen)),
    ...Array.from({ length: 6 }, (_, at) => asking(counters.toSpliced(0, at % 3), 'PUT', done.signal, seen)),
  ]
  for (let kills = 0; kills < 8; kills += 1) {
    await sleep(400)
    await killAll()
  }
  done.abort()
  await Promise.all(callers)
  log.mockRestore()

  const statuses = new Set([...seen.keys()].map((name) => name.split(' ')[0]))
  expect([...statuses].filter((status) => !['200', '204', '503'].includes(status ?? ''))).toEqual([])
  const after = await countsOf()
  for (const path of counters) expect((after[path] ?? 0) - (before[path] ?? 0), path).toBe(seen.get(`204 ${path}`))
  expect((await fetch(`${origin}/products/1`)).status).toBe(200)
  expect((await fetch(`${origin}/reviews/1/helpful`, { method: 'PUT' })).status).toBe(204)
})
