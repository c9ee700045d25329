import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { respond, withoutAdmin } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { Mutation } from '../../handlers/mutation.ts'
import { connect, type Database } from '../connect.ts'
import { migrate } from '../index.ts'
import { refusePgBouncer, throughPgBouncer } from './pgBouncer.ts'
import { createDatabase, type TestDatabase } from '../test/database.ts'
import { hasPgBouncer, startPgBouncer } from '../test/pgBouncer.ts'

test('work that needs a session is refused, with the URL that would do', () => {
  expect(() => refusePgBouncer('postgres://a@b/c?pgbouncer=true', 'An import')).toThrow(
    'An import needs a session, and PgBouncer gives none (pgbouncer=true): set DATABASE_URL to the server behind it.',
  )
  refusePgBouncer('postgres://a@b/c', 'An import')
})

test('a URL says that it goes through a pooler, whatever else it says', () => {
  expect(throughPgBouncer('postgres://a@b:1/c?sslmode=require')).toBe(
    'postgres://a@b:1/c?sslmode=require&pgbouncer=true',
  )
})

describe.skipIf(!hasPgBouncer)('with pgbouncer', () => {
  let own: TestDatabase
  let pooler: Awaited<ReturnType<typeof startPgBouncer>>
  const printed = vi.spyOn(console, 'error')
  beforeAll(async () => {
    own = await createDatabase({ fixture: true })
    pooler = await startPgBouncer(own.url)
  })
  beforeEach(() => void printed.mockReset().mockImplementation(() => {}))
  afterAll(async () => {
    await pooler.stop()
    printed.mockRestore()
    await own.drop()
  })

  const open = (url: string): Database => {
    const database = connect(url)
    onTestFinished(database.end)
    return database
  }
  const lost = () => printed.mock.calls.flat().join('\n')

  test('every public operation is answered, and what is lost is printed once with its remedy', async () => {
    const { db, ready } = open(throughPgBouncer(pooler.url))
    expect(await ready()).toBe(true)
    const asked = Object.values(withoutAdmin(endpoints)).flatMap((one) => [one, one, one])
    const answers = await Promise.all(
      asked.map((one) => respond(one, db, { ...one.example, cart: 'c'.repeat(64), campus: 'hr-lax' })),
    )
    for (const answer of answers) expect(typeof answer === 'string' || answer instanceof Mutation).toBe(true)
    expect(printed).toHaveBeenCalledTimes(1)
    expect(lost()).toMatch(
      /^A pooler drops the settings plan_cache_mode, enable_seqscan, .*jit, statement_timeout, without which/,
    )
    expect(lost()).toContain(`alter role "postgres" set statement_timeout = '1800';`)
  })

  test('a role with the settings loses nothing', async () => {
    await own.sql`create role pooled login superuser`
    onTestFinished(async () => void (await own.sql`drop role pooled`))
    const settings = ['enable_seqscan = off', 'enable_hashjoin = off', 'enable_mergejoin = off', 'jit = off']
    for (const one of [...settings, 'plan_cache_mode = force_generic_plan', 'statement_timeout = 3000'])
      await own.sql.unsafe(`alter role pooled set ${one}`)
    const url = new URL(throughPgBouncer(pooler.url))
    url.username = 'pooled'
    expect(await open(url.href).ready()).toBe(true)
    expect(lost()).toBe('')
  })

  test('a URL that does not name the pooler is told what to add', async () => {
    const url = new URL(pooler.url)
    url.hostname = 'localhost'
    expect(await open(url.href).ready()).toBe(false)
    expect(lost()).toMatch(/unsupported startup parameter: \w+: .* add pgbouncer=true to the URL/)
  })

  test('settings that a pooler is told to ignore are lost loudly too', async () => {
    const names = 'plan_cache_mode,enable_seqscan,enable_hashjoin,enable_mergejoin,jit,statement_timeout'
    const other = await startPgBouncer(own.url, { ignore_startup_parameters: names })
    onTestFinished(other.stop)
    await open(other.url).ready()
    expect(lost()).toContain('A pooler drops the settings plan_cache_mode,')
  })

  test('migrations that are there are found, and missing ones are left to the server itself', async () => {
    expect(await migrate(throughPgBouncer(pooler.url))).toEqual([])
    const [row] = await own.sql<{ name: string }[]>`select name from migrations order by name limit 1`
    await own.sql`update migrations set name = 'x' where name = ${row?.name ?? ''}`
    onTestFinished(async () => void (await own.sql`update migrations set name = ${row?.name ?? ''} where name = 'x'`))
    await expect(migrate(throughPgBouncer(pooler.url))).rejects.toThrow(
      `lacks the migration ${row?.name}, and PgBouncer holds no lock: run npm run migrate with the URL of the server`,
    )
  })
})
