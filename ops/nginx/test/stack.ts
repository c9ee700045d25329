import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { createDatabase, fixtureFile, refill, type TestDatabase } from '../../../db/test/database.ts'
import { findNginx } from '../../stack/nginx.ts'
import { type Stack, startStack, type Wanted } from '../../stack/stack.ts'

const missing = await findNginx().then(
  () => '',
  (error: Error) => ` (skipped: ${error.message})`,
)

/** Tests that need an NGINX with Lua; where there is none, they say so and are skipped. */
export const describeNginx = (name: string, tests: () => void): void => {
  describe.skipIf(missing !== '')(name + missing, tests)
}

/** What a client got: how the cache served it, among the rest. */
export type Answer = {
  readonly status: number
  readonly cache: string | null
  readonly text: string
  readonly headers: Headers
}

/** A stack on the fixture, of which each test finds nothing in the cache. */
export const useStack = (wanted: Omit<Wanted, 'url'> = {}) => {
  let database: TestDatabase
  let stack: Stack
  beforeAll(async () => {
    database = await createDatabase({ fixture: true })
    stack = await startStack({ url: database.url, limits: 'off', ...wanted })
  })
  beforeEach(async () => {
    await fetch(`${stack.admin}/invalidate`, { method: 'POST' })
  })
  afterAll(async () => {
    await stack?.stop()
    await database?.drop()
  })
  return {
    get stack() {
      return stack
    },
    get sql() {
      return database.sql
    },
    /** Makes the fixture what it was. */
    refill: () => refill(database.sql, fixtureFile),
    ask: async (path: string, init: RequestInit = {}): Promise<Answer> => {
      const { status, headers, text } = await fetch(stack.url + path, init).then(async (response) => ({
        status: response.status,
        headers: response.headers,
        text: await response.text(),
      }))
      return { status, headers, text, cache: headers.get('x-cache') }
    },
  }
}
