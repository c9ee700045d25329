import type { Hono } from 'hono'
import { afterAll, beforeEach, inject } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { database } from '../../db/connect.ts'
import { fixtureFile, refill, useFixture } from '../../db/test/database.ts'
import type { Db } from '../../handlers/database.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /**
     * Servers that answer in place of an app in this process: where they are, what invalidates their cache, their
     * database.
     */
    served?: { readonly origin: string; readonly invalidate: string; readonly database: string }
  }
}

/** The admin token of the API; servers in its place have none. */
export const adminToken = 'admin-token-of-tests'

/**
 * The API on the fixture, as its clients meet it, and the database behind it. Each test finds the fixture as it was.
 */
export type Api = {
  readonly request: (path: string, init?: RequestInit) => Promise<Response>
  readonly db: Db
  readonly sql: Sql
}

export const useApi = (): Api => {
  const served = inject('served')
  if (served) return useServers(served)
  const fixture = useFixture()
  let app: Hono
  beforeEach(() => {
    app = createApp(endpoints, fixture.db, { admin: { token: adminToken, db: fixture.db } })
  })
  return {
    request: async (path, init) => app.request(path, init),
    get db() {
      return fixture.db
    },
    get sql() {
      return fixture.sql
    },
  }
}

const useServers = ({
  origin,
  invalidate,
  database: url,
}: {
  origin: string
  invalidate: string
  database: string
}): Api => {
  const sql = client(url, { max: 1 })
  beforeEach(async () => {
    await refill(sql, fixtureFile)
    await fetch(invalidate, { method: 'POST' })
  })
  afterAll(() => sql.end({ timeout: 5 }))
  return { request: (path, init) => fetch(origin + path, { redirect: 'manual', ...init }), db: database(sql), sql }
}
