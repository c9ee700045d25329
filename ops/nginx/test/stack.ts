import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { createDatabase, fixtureFile, refill, type TestDatabase } from '../../../db/test/database.ts'
import { findNginx } from '../../stack/findNginx.ts'
import { type Stack, startStack, type StackOptions } from '../../stack/stack.ts'

const reason = await findNginx().then(
  () => '',
  (error: Error) => ` (skipped: ${error.message})`,
)

/** A describe for tests that need NGINX with Lua. Without it they are skipped, and their name says so. */
export const describeNginx = (name: string, tests: () => void): void => {
  describe.skipIf(reason !== '')(name + reason, tests)
}

/** A response; `cache` is its `X-Cache`. */
export type Answer = {
  readonly status: number
  readonly cache: string | null
  readonly text: string
  readonly headers: Headers
}

/** A stack on the fixture. The cache is empty before each test. */
export const useStack = (options: Omit<StackOptions, 'url'> = {}) => {
  let database: TestDatabase
  let stack: Stack
  beforeAll(async () => {
    database = await createDatabase({ fixture: true })
    stack = await startStack({ url: database.url, limits: 'off', ...options })
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
    /** Restores the fixture. */
    refill: () => refill(database.sql, fixtureFile),
    request: async (path: string, init: RequestInit = {}): Promise<Answer> => {
      const { status, headers, text } = await fetch(stack.url + path, init).then(async (response) => ({
        status: response.status,
        headers: response.headers,
        text: await response.text(),
      }))
      return { status, headers, text, cache: headers.get('x-cache') }
    },
  }
}
