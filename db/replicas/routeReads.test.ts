import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { counter, type Db, lookup, Unavailable } from '../../handlers/database.ts'
import { client, type Sql } from '../client.ts'
import { connect, type Database } from '../connect.ts'
import { lastPosition, type WalPosition } from './walPosition.ts'
import { routeReads } from './routeReads.ts'
import { type ReplicationPair, startReplicationPair } from '../test/replicationPair.ts'

const timesOf = lookup({ id: 'int' })<{ times: number; replica: boolean }>`
  select id as key, json_build_object('times', times, 'replica', pg_is_in_recovery()) as answer
  from counted where id = any($keys)`
const add = counter({ id: 'int' })<number>`
  with totals as (select id, count(*) as more from keys group by id),
  changed as (
    update counted set times = times + more from totals where counted.id = totals.id returning counted.id, times
  )
  select n, to_json(times) as answer from keys join changed using (id)`
const nothing = '0/0'

let pair: ReplicationPair
let primary: Sql
let replica: Sql
let connected: Database
let db: Db
const connectBoth = (): Database => connect(pair.primary.url, { readUrls: [pair.replica.url] })

beforeAll(async () => {
  pair = await startReplicationPair(async (url) => {
    const sql = client(url, { max: 1 })
    await sql`create table counted (id int primary key, times int not null default 0)`
    await sql`insert into counted select generate_series(1, 10)`
    await sql.end({ timeout: 5 })
  })
  primary = client(pair.primary.url, { max: 1 })
  replica = client(pair.replica.url, { max: 1 })
  connected = connectBoth()
  db = connected.db
})
afterAll(async () => {
  await connected.end()
  await primary.end({ timeout: 5 })
  await replica.end({ timeout: 5 })
  await pair.end()
})

const read = async (from: Db, id: number) =>
  JSON.parse(String(await from.get(timesOf, { id }))) as { times: number; replica: boolean }
const readsReplica = (from: () => Db) =>
  expect.poll(() => read(from(), 1), { timeout: 10_000 }).toMatchObject({ replica: true })
/** Pauses the replica's replay until the end of the test. */
const holdReplay = async () => {
  await replica`select pg_wal_replay_pause()`
  onTestFinished(async () => void (await replica`select pg_wal_replay_resume()`))
}
// Each test begins with a replica in use that has caught up.
beforeEach(() => readsReplica(() => db))

test('reads go to the replica, and writes to the primary', async () => {
  await db.run(add, { id: 1 })
  await readsReplica(() => db)
  await readsReplica(() => connected.replicas!.readAt(nothing))
})

test('a write is seen by whoever reads next, through this process or another, while the replica lags', async () => {
  const other = connectBoth()
  onTestFinished(other.end)
  await readsReplica(() => other.db)
  await holdReplay()
  for (let rounds = 0; rounds < 20; rounds += 1) {
    const times = await db.run(add, { id: 2 })
    expect(await read(db, 2)).toEqual({ times, replica: false })
    expect(await read(other.db, 2)).toEqual({ times, replica: false })
  }
})

test('a thousand writes are each seen by the read after it, whoever answers that', async () => {
  let fromReplica = 0
  const rounds = async (id: number) => {
    for (let round = 0; round < 100; round += 1) {
      const times = await db.run(add, { id })
      const seen = await read(db, id)
      expect(seen.times).toBe(times)
      if (seen.replica) fromReplica += 1
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, index) => rounds(index + 1)))
  expect(fromReplica).toBeGreaterThan(0)
})

test('a read that says what it needs is answered by the replica when that has it, however much else was written', async () => {
  const { readAt, currentToken } = connected.replicas!
  await holdReplay()
  const before = await read(db, 3)
  await db.run(add, { id: 4 })
  expect(await read(readAt(nothing), 3)).toEqual({ ...before, replica: true })
  const times = await db.run(add, { id: 3 })
  expect(await read(readAt((await currentToken())!), 3)).toEqual({ times, replica: false })
  expect(await read(readAt(nothing), 3)).toEqual({ ...before, replica: true })
})

test.each(['', 'nonsense', '1', '0/0/0', '123456789/0', '0/0 ', "'; drop table counted"])(
  'what is no place in the log (%j) is as if it were not there',
  async (text) => {
    await holdReplay()
    const times = await db.run(add, { id: 5 })
    expect(await read(connected.replicas!.readAt(text), 5)).toEqual({ times, replica: false })
  },
)

test('a statement that a replica cancels for what it replays is answered by the primary', async () => {
  const slowly = lookup({ id: 'int' })<{ times: number; replica: boolean }>`
    select id as key, json_build_object('times', times, 'replica', pg_is_in_recovery()) as answer
    from counted, pg_sleep(0.3) where id = any($keys)`
  await replica`alter system set max_standby_streaming_delay = 0`
  await replica`select pg_reload_conf()`
  const answer = connected.replicas!.readAt(nothing).get(slowly, { id: 6 })
  await sleep(50)
  await primary`begin; lock table counted in access exclusive mode; commit`.simple()
  expect(JSON.parse(String(await answer))).toMatchObject({ replica: false })
})

test('a read that needs little is not answered by a replica that lags for longer than a while', async () => {
  let position = 0
  const flushedPosition = async () => `00000000/${String((position += 1)).padStart(8, '0')}`
  const from = (name: string) => ({ get: async () => name, run: async () => name }) as unknown as Db
  let replayed = lastPosition
  const lagging = {
    name: 'lagging',
    replayedPosition: () => replayed,
    db: from('replica'),
    isHealthy: () => true,
    checkHealthy: async () => true,
    hasReplayed: (position: WalPosition) => replayed >= position,
    checkReplayed: async (position: WalPosition) => replayed >= position,
  }
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const { readAt } = routeReads([lagging], from('primary'), flushedPosition, stopping.signal, 10)
  expect(await readAt(nothing).get(timesOf, { id: 1 })).toBe('replica')
  replayed = '00000000/00000003'
  await expect.poll(() => readAt(nothing).get(timesOf, { id: 1 })).toBe('primary')
})

test('what takes a replica too long is not asked of the primary too', async () => {
  const slowly = lookup({ id: 'int' })<{ times: number; replica: boolean }>`
    select id as key, json_build_object('times', times, 'replica', pg_is_in_recovery()) as answer
    from counted, pg_sleep(case when pg_is_in_recovery() then 3 else 0 end) where id = any($keys)`
  await expect(connected.replicas!.readAt(nothing).get(slowly, { id: 6 })).rejects.toBeInstanceOf(Unavailable)
})

test('no read fails when the replica dies, and it is used again when it is back', async () => {
  const stopping = new AbortController()
  let reads = 0
  const reading = async () => {
    while (!stopping.signal.aborted) {
      await read(reads % 2 === 0 ? db : connected.replicas!.readAt(nothing), 1)
      reads += 1
    }
  }
  const readers = Promise.all(Array.from({ length: 10 }, reading))
  await sleep(100)
  await pair.crash()
  await sleep(300)
  expect(await read(db, 1)).toMatchObject({ replica: false })
  await pair.restart()
  await readsReplica(() => db)
  stopping.abort()
  await readers
  expect(reads).toBeGreaterThan(100)
})

test('a replica that applies all two seconds later hides no write, and reads again what has come to it', async () => {
  await pair.crash()
  await pair.restart({ recovery_min_apply_delay: '2s' })
  await readsReplica(() => db)
  let times = 0
  for (let rounds = 0; rounds < 20; rounds += 1) {
    times = await db.run(add, { id: 7 })
    expect(await read(db, 7)).toEqual({ times, replica: false })
  }
  await expect.poll(() => read(db, 7), { timeout: 10_000 }).toEqual({ times, replica: true })
})

test('no read fails when the replica hangs, and it is used again when it goes on', async () => {
  await pair.signal('SIGSTOP')
  onTestFinished(() => pair.signal('SIGCONT'))
  const reads = Array.from({ length: 200 }, (_, index) =>
    read(index % 2 === 0 ? db : connected.replicas!.readAt(nothing), 1 + (index % 10)),
  )
  expect((await Promise.all(reads)).filter((answer) => answer.replica)).toEqual([])
  expect(await read(db, 1)).toMatchObject({ replica: false })
  await pair.signal('SIGCONT')
  await readsReplica(() => db)
})

test('what is no replica of the database is never read', async () => {
  const strange = connect(pair.primary.url, {
    readUrls: [pair.primary.url, inject('template'), 'postgres://127.0.0.1:1/a'],
  })
  onTestFinished(strange.end)
  await sleep(300)
  for (const from of [strange.db, strange.replicas!.readAt(nothing)])
    expect(await read(from, 1)).toMatchObject({ replica: false })
})

test('a replica that is promoted is left out', async () => {
  await replica`select pg_promote()`
  await replica`update counted set times = -1`
  await sleep(300)
  for (const from of [db, connected.replicas!.readAt(nothing)]) expect((await read(from, 1)).times).toBeGreaterThan(0)
})
