import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client, type Sql } from '../../../../db/client.ts'
import { createDatabase, type TestDatabase } from '../../../../db/test/database.ts'
import { serveNode } from '../../node.ts'
import { startProxy } from '../proxy.ts'
import { deviations } from './deviations.ts'
import type { SuiteRequest } from './request.ts'
import { requests } from './requests.ts'
import { type Answer, send } from './send.ts'
import { startBun, startDeno, startLambda, startNode, startWorkerd, type Start, type SuiteServer } from './servers.ts'

const runtimes: readonly (readonly [name: string, start: Start])[] = [
  ['Node 20', startNode(20)],
  ['Node 22', startNode(22)],
  ['Node 24', startNode(24)],
  ['Bun', startBun],
  ['Deno', startDeno],
  ['workerd', startWorkerd],
  ['Lambda v1', startLambda('v1')],
  ['Lambda v2', startLambda('v2')],
  ['Lambda ALB', startLambda('alb')],
]
const groups = [...new Set(requests.map(({ group }) => group))]
const table: Record<string, Record<string, string>> = {}

type Suite = { readonly admin: Sql; readonly own: TestDatabase; readonly server: SuiteServer; stop(): Promise<void> }

/** A runtime on a database of its own, behind a TCP address. */
const prepare = async (start: Start): Promise<Suite> => {
  const own = await createDatabase({ fixture: true })
  const postgres = new URL(own.url)
  postgres.pathname = 'postgres'
  const admin = client(postgres.href, { max: 1 })
  const proxy = await startProxy(own.url)
  const address = new URL(proxy.url)
  // Hyperdrive asks for a password.
  address.password = 'none'
  const server = await start(address.href)
  const stop = async () => {
    await server.stop()
    await proxy.stop()
    await admin.end({ timeout: 5 })
    await own.drop()
  }
  return { admin, own, server, stop }
}

const ask = async ({ admin, own, server }: Suite, request: SuiteRequest): Promise<Answer> => {
  const run = async (sql: string | undefined) => {
    if (sql !== undefined) await admin.unsafe(sql.replaceAll('$database', new URL(own.url).pathname.slice(1)))
  }
  if (request.before !== undefined) await own.sql.unsafe(request.before)
  await run(request.asAdmin?.before)
  try {
    return await send(server.origin, request)
  } finally {
    await run(request.asAdmin?.after)
    if (request.after !== undefined) await own.sql.unsafe(request.after)
  }
}

/** This process's own server, whose answers are those of all. */
const startHere: Start = async (url) => {
  const server = await serveNode({ url, host: '127.0.0.1', port: 0 })
  return { origin: `http://127.0.0.1:${server.port}`, stop: () => server.stop({ drainMs: 0 }) }
}

const expected: Answer[] = []
beforeAll(async () => {
  const suite = await prepare(startHere)
  for (const request of requests) expected.push(await ask(suite, request))
  await suite.stop()
})

test('the server here answers each request with its status', () => {
  const statuses = requests.map(({ name }, index) => `${expected[index]?.status} ${name}`)
  expect(statuses).toEqual(requests.map(({ name, status }) => `${status} ${name}`))
  expect(requests.length).toBeGreaterThanOrEqual(100)
})

describe.each(runtimes)('%s', (name, start) => {
  let suite: Suite
  const results: Record<string, [passed: number, all: number]> = {}
  beforeAll(async () => {
    table[name] = Object.fromEntries(groups.map((group) => [group, 'not started']))
    suite = await prepare(start)
  })
  afterAll(async () => {
    table[name] = Object.fromEntries(
      Object.entries(results).map(([group, [passed, all]]) => [group, `${passed}/${all}`]),
    )
    await suite?.stop()
  })

  test.each(requests.map((request, index) => [request.name, request, index] as const))(
    '%s',
    async (_, request, index) => {
      const result = (results[request.group] ??= [0, 0])
      result[1] += 1
      const deviation = deviations.find((one) => one.runtimes.test(name) && one.request === request.name)
      const answer = await ask(suite, request)
      if (deviation) expect(answer.status, deviation.reason).toBe(deviation.status)
      else {
        expect(answer).toEqual(expected[index])
        result[0] += 1
      }
    },
  )
})

afterAll(() => {
  console.log('Requests that are answered as by the server of this process, of all:')
  console.table(table)
  for (const { runtimes, request, status, reason } of deviations)
    console.log(`${runtimes.source}: ${request}: ${status}, as ${reason}`)
})
