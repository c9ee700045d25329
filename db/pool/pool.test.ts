import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { counter, lookup, Unavailable } from '../../handlers/database.ts'
import { client } from '../client.ts'
import { batch } from '../batch.ts'
import { isConnectionError } from './deadline.ts'
import { createPool, type PoolOptions, type Pool } from './pool.ts'
import { createDatabase, type TestDatabase } from '../test/database.ts'

let own: TestDatabase
beforeAll(async () => {
  own = await createDatabase()
  await own.sql`create table counted (id int primary key, times int not null default 0)`
  await own.sql`insert into counted values (1)`
})
afterAll(() => own.drop())

type Settings = Partial<PoolOptions> & { url?: string; statement_timeout?: number }
const usePool = ({ url = own.url, statement_timeout = 0, ...limits }: Settings = {}): Pool => {
  const pool = createPool((onclose) => client(url, { max: 1, onclose, connection: { statement_timeout } }), {
    size: 2,
    queue: 100,
    acquireTimeoutMs: 5000,
    queryTimeoutMs: 5000,
    ...limits,
  })
  onTestFinished(pool.end)
  return pool
}
const killAll = () => own.sql`
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`

test('a task has its connection to itself', async () => {
  const pool = usePool()
  let most = 0
  let now = 0
  const task = () =>
    pool.use(async (sql) => {
      now += 1
      most = Math.max(most, now)
      await sql`select pg_sleep(0.01)`
      now -= 1
    })
  await Promise.all(Array.from({ length: 20 }, task))
  expect(most).toBe(2)
})

test('refuses at once what finds the queue full', async () => {
  const pool = usePool({ size: 1, queue: 1 })
  const first = pool.use((sql) => sql`select 1 as one`)
  await expect(pool.use((sql) => sql`select 2 as two`)).rejects.toBeInstanceOf(Unavailable)
  expect(await first).toEqual([{ one: 1 }])
})

test('refuses what waited too long for a connection', async () => {
  const pool = usePool({ size: 1, acquireTimeoutMs: 50 })
  const slow = pool.use((sql) => sql`select pg_sleep(0.5)`)
  await sleep(10)
  await expect(pool.use((sql) => sql`select 1`)).rejects.toThrow('The database is busy.')
  await slow
})

test('gives up a task that misses its deadline, and goes on with a new connection', async () => {
  const pool = usePool({ size: 1, queryTimeoutMs: 300 })
  await expect(pool.use((sql) => sql`select pg_sleep(3)`)).rejects.toThrow('The database does not answer.')
  expect(await pool.use((sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
})

test('a read that missed its deadline is not asked again, whoever ended it', async () => {
  const slowly = lookup({ value: 'int' })<number>`
    select key, to_json(key) as answer from unnest($keys) as key, nextval('asked') as time, pg_sleep(key)`
  for (const statement_timeout of [100, 0]) {
    await own.sql`create sequence asked`
    const pool = usePool({ queryTimeoutMs: 300, statement_timeout })
    const db = batch({ reads: pool, heavy: pool, writes: pool, counts: pool })
    // Warm, so that no connection is made within the deadline.
    await db.get(slowly, { value: 0 })
    const answers = await Promise.allSettled([1, 2, 3].map((value) => db.get(slowly, { value })))
    for (const { status, ...answer } of answers) {
      expect(status).toBe('rejected')
      expect((answer as PromiseRejectedResult).reason).toBeInstanceOf(Unavailable)
    }
    expect(await own.sql`select last_value::int as times from asked`).toEqual([{ times: 2 }])
    await own.sql`drop sequence asked`
  }
})

test('keeps the connection of a statement that the server ended in time', async () => {
  const pool = usePool({ size: 1, statement_timeout: 50 })
  const pid = () => pool.use((sql) => sql`select pg_backend_pid() as pid`)
  const before = await pid()
  await expect(pool.use((sql) => sql`select pg_sleep(3)`)).rejects.toBeInstanceOf(Unavailable)
  expect(await pid()).toEqual(before)
})

test('keeps no timer of a task that is done', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const pool = usePool({ queryTimeoutMs: 60_000 })
  await pool.use((sql) => sql`select 1`)
  const before = timers()
  for (let task = 0; task < 20; task += 1) await pool.use((sql) => sql`select 1`)
  expect(timers()).toBeLessThan(before + 10)
})

test.each([
  ['names a database that is gone (3D000)', (url: URL) => (url.pathname = 'nowhere')],
  ['names an account that is gone (28000)', (url: URL) => (url.username = 'nobody_here')],
])('a login that is refused as it %s is an outage', async (_name, change) => {
  const url = new URL(own.url)
  change(url)
  const pool = usePool({ url: url.href })
  await expect(pool.use((sql) => sql`select 1`)).rejects.toBeInstanceOf(Unavailable)
})

test('a database that lets nobody in is an outage, whatever the class of its error is called', async () => {
  const closed = await createDatabase()
  const allow = (isAllowed: boolean) =>
    own.sql.unsafe(`alter database ${new URL(closed.url).pathname.slice(1)} allow_connections ${isAllowed}`)
  onTestFinished(closed.drop)
  await allow(false)
  const pool = usePool({ url: closed.url })
  const { cause } = (await pool.use((sql) => sql`select 1`).catch((error: Error) => error)) as Error
  expect(cause).toBeInstanceOf(postgres.PostgresError)
  expect(cause).toMatchObject({ code: '55000' })
})

test('a refused password is an outage, and an error of a statement is not', () => {
  const refused = (code: string) => Object.assign(new postgres.PostgresError('refused'), { code })
  class Minified extends postgres.PostgresError {}
  for (const code of ['28P01', '28000', '3D000', '55000', '25006', '53300', '57P03'])
    expect(isConnectionError(Object.assign(refused(code), { name: 'a' }))).toBe(true)
  for (const code of ['22012', '23505', '42501', '40001']) expect(isConnectionError(refused(code))).toBe(false)
  expect(isConnectionError(Object.assign(new Minified('refused'), { code: '22012' }))).toBe(false)
})

test('passes on what is wrong with a statement, and keeps the connection', async () => {
  const pool = usePool({ size: 1 })
  const pid = () => pool.use((sql) => sql`select pg_backend_pid() as pid`)
  const before = await pid()
  await expect(pool.use((sql) => sql`select 1 / 0`)).rejects.toThrow('division by zero')
  expect(await pid()).toEqual(before)
})

test('a task after the death of an idle connection succeeds at first try', async () => {
  const pool = usePool()
  await Promise.all([pool.use((sql) => sql`select 1`), pool.use((sql) => sql`select 1`)])
  await killAll()
  await sleep(100)
  expect(await pool.use((sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
})

test('reads survive the death of every connection under load', async () => {
  const pool = usePool()
  const db = batch({ reads: pool, heavy: pool, writes: pool, counts: pool })
  const slowly = lookup({ value: 'int' })<number>`
    select key, to_json(key) as answer from unnest($keys) as key, pg_sleep(0.01)`
  const killing = new AbortController()
  const reading = async () => {
    let reads = 0
    while (!killing.signal.aborted || reads < 50) {
      expect(Number(await db.get(slowly, { value: reads }))).toBe(reads)
      reads += 1
    }
  }
  const readers = Array.from({ length: 10 }, reading)
  for (let kills = 0; kills < 4; kills += 1) {
    await sleep(150)
    await killAll()
  }
  killing.abort()
  await Promise.all(readers)
})

test('acknowledged increments equal the counter, whatever dies', async () => {
  const pool = usePool()
  const db = batch({ reads: pool, heavy: pool, writes: pool, counts: pool })
  const add = counter({ id: 'int' })<number>`
    with totals as (select id, count(*) as more from keys group by id),
    changed as (
      update counted set times = times + more from totals where counted.id = totals.id returning counted.id, times
    )
    select n, to_json(times) as answer from keys join changed using (id)`
  let acknowledged = 0
  const killing = new AbortController()
  const adding = async () => {
    while (!killing.signal.aborted) {
      await db.run(add, { id: 1 }).then(
        () => (acknowledged += 1),
        (error: unknown) => expect(error).toBeInstanceOf(Unavailable),
      )
      await sleep(1)
    }
  }
  const writers = Array.from({ length: 20 }, adding)
  for (let kills = 0; kills < 8; kills += 1) {
    await sleep(100)
    await killAll()
  }
  killing.abort()
  await Promise.all(writers)
  expect(await own.sql`select times from counted`).toEqual([{ times: acknowledged }])
  expect(acknowledged).toBeGreaterThan(0)
})

test('ends when what was asked is answered, and takes nothing more', async () => {
  const pool = usePool()
  const last = pool.use((sql) => sql`select 1 as one from pg_sleep(0.1)`)
  const ended = pool.end()
  await expect(pool.use((sql) => sql`select 2`)).rejects.toBeInstanceOf(Unavailable)
  expect(await last).toEqual([{ one: 1 }])
  await ended
})
