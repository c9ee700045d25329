import { afterEach, beforeEach, expect, type MockInstance, onTestFinished, test, vi } from 'vitest'
import type { Db } from '../../handlers/database.ts'
import type { Sql } from '../client.ts'
import { queryIdentity, queryReplayedPosition, queryFlushedPosition } from './walPosition.ts'
import type { Pool } from '../pool/pool.ts'
import { followReplica } from './followReplica.ts'

let said: MockInstance
beforeEach(() => void (said = vi.spyOn(console, 'error').mockImplementation(() => {})))
afterEach(() => said.mockRestore())

const replaySql = 'select pg_last_wal_replay_lsn()::text as answer where pg_is_in_recovery()'
const writtenSql = 'select pg_current_wal_flush_lsn()::text as answer where not pg_is_in_recovery()'
const clusterSql = `select format('%s/%s', system_identifier, current_database()) as answer from pg_control_system()`

/** A server that answers what is asked of it, and counts. */
const serverOf = (answers: Record<string, string | undefined | (() => never)>) => {
  const asked: string[] = []
  const unsafe = async (text: string, parameters: unknown[], options: unknown) => {
    expect([parameters, options]).toEqual([[], { prepare: true }])
    asked.push(text)
    const answer = answers[text]
    if (typeof answer === 'function') return answer()
    return answer === undefined ? [] : [{ answer }]
  }
  const use: Pool['use'] = async (task) => {
    await Promise.resolve()
    return task({ unsafe } as unknown as Sql)
  }
  const pool: Pool = { use, end: async () => {} }
  return { pool, answers, times: (text: string) => asked.filter((one) => one === text).length }
}
const fails = (error: unknown) => (): never => {
  throw error
}
const at = (low: number) => `00000000/${String(low).padStart(8, '0')}`

const follow = (answers: Record<string, string | undefined | (() => never)>, signal?: AbortSignal) => {
  const server = serverOf({ [clusterSql]: '1/shop', ...answers })
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  let lose = (): void => {}
  const db = {} as Db
  const replica = followReplica(
    {
      name: 'two',
      db,
      openProbe: (lost) => {
        lose = lost
        return server.pool
      },
      primaryIdentity: async () => '1/shop',
    },
    signal ?? stopping.signal,
  )
  return { ...server, replica, db, lose: () => lose(), stop: () => stopping.abort() }
}

test('a replica is healthy when it answers, and has replayed what lies before where it is', async () => {
  const { replica, db } = follow({ [replaySql]: '0/5' })
  expect([replica.isHealthy(), replica.hasReplayed(at(0)), replica.db]).toEqual([false, false, db])
  await expect.poll(replica.isHealthy).toBe(true)
  expect([4, 5, 6].map((low) => replica.hasReplayed(at(low)))).toEqual([true, true, false])
  expect([replica.name, replica.replayedPosition()]).toEqual(['two', at(5)])
  expect(said).not.toHaveBeenCalled()
})

test('it is followed as it goes on, and asked whose copy it is but once', async () => {
  const { replica, answers, times } = follow({ [replaySql]: '0/5' })
  await expect.poll(replica.isHealthy).toBe(true)
  answers[replaySql] = '0/9'
  await expect.poll(() => replica.hasReplayed(at(9))).toBe(true)
  expect(times(clusterSql)).toBe(1)
})

test('what it is not known to show is asked for, and no more than that', async () => {
  const { replica, answers, times } = follow({ [replaySql]: '0/5' })
  await expect.poll(replica.isHealthy).toBe(true)
  const before = times(replaySql)
  expect(await replica.checkReplayed(at(5))).toBe(true)
  expect(times(replaySql)).toBe(before)
  answers[replaySql] = '0/7'
  expect(await replica.checkReplayed(at(7))).toBe(true)
  expect(await replica.checkReplayed(at(8))).toBe(false)
  answers[replaySql] = '0/8'
  expect([await replica.checkHealthy(), replica.hasReplayed(at(8))]).toEqual([true, true])
  answers[replaySql] = undefined
  expect([await replica.checkHealthy(), replica.hasReplayed(at(0))]).toEqual([false, false])
})

test.each([
  ['a primary', { [replaySql]: undefined }, 'it is a primary itself'],
  ['a copy of something else', { [clusterSql]: '2/shop' }, 'it is no copy of the database of DATABASE_URL'],
  ['down', { [replaySql]: fails(new Error('busy', { cause: new Error('refused') })) }, 'refused'],
  ['down', { [replaySql]: fails({ message: 'busy', cause: { message: '', code: 'ECONNREFUSED' } }) }, 'ECONNREFUSED'],
  ['in trouble', { [replaySql]: fails(new Error('out of memory')) }, 'out of memory'],
])(
  'one that is %s is left out, which is said once, with the reason, and again when it is back',
  async (_, wrong, why) => {
    const { replica, answers } = follow({ [replaySql]: '0/5', ...wrong })
    await expect.poll(() => said.mock.calls).toEqual([[`The replica two is left out: ${why}.`]])
    expect(await replica.checkHealthy()).toBe(false)
    expect(await replica.checkReplayed(at(0))).toBe(false)
    expect(said.mock.calls).toHaveLength(1)
    Object.assign(answers, { [clusterSql]: '1/shop', [replaySql]: '0/5' })
    await expect.poll(replica.isHealthy, { timeout: 5000 }).toBe(true)
    expect(said.mock.lastCall).toEqual(['The replica two answers.'])
    expect(said.mock.calls).toHaveLength(2)
  },
)

test('one whose connection is lost shows nothing until it is asked again, whose copy it is among that', async () => {
  const { replica, lose, times } = follow({ [replaySql]: '0/5' })
  await expect.poll(replica.isHealthy).toBe(true)
  lose()
  expect([replica.isHealthy(), replica.hasReplayed(at(1))]).toEqual([false, false])
  expect(await replica.checkHealthy()).toBe(true)
  expect(times(clusterSql)).toBe(2)
})

test('one that is no longer followed is neither asked nor spoken of', async () => {
  const { replica, answers, stop, times } = follow({ [replaySql]: '0/5' })
  await expect.poll(replica.isHealthy).toBe(true)
  stop()
  answers[replaySql] = undefined
  expect(await replica.checkHealthy()).toBe(false)
  const before = times(replaySql)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(times(replaySql)).toBe(before)
  expect(said).not.toHaveBeenCalled()
  const never = follow({ [replaySql]: '0/5' }, AbortSignal.abort())
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(never.times(replaySql)).toBe(0)
})

test('a server tells how far it is in the one form in which places compare, or nothing if it is of the other kind', async () => {
  const { pool, answers } = serverOf({ [writtenSql]: '0/a', [replaySql]: 'B/1', [clusterSql]: '1/shop' })
  const ask = () => Promise.all([queryFlushedPosition(pool)(), queryReplayedPosition(pool)(), queryIdentity(pool)()])
  expect(await ask()).toEqual(['00000000/0000000A', '0000000B/00000001', '1/shop'])
  for (const text of Object.keys(answers)) answers[text] = undefined
  expect(await ask()).toEqual([undefined, undefined, undefined])
})

test('who asks before a question is sent shares it, and who asks later does not', async () => {
  const sending: (() => void)[] = []
  let times = 0
  const unsafe = async () => [{ answer: `1/${(times += 1)}` }]
  const use: Pool['use'] = (task) =>
    new Promise((resolve, reject) => sending.push(() => void task({ unsafe } as unknown as Sql).then(resolve, reject)))
  const ask = queryIdentity({ use, end: async () => {} })
  const shared = [ask(), ask()]
  sending[0]?.()
  const later = ask()
  expect(await Promise.all(shared)).toEqual(['1/1', '1/1'])
  const latest = ask()
  expect(sending).toHaveLength(2)
  sending[1]?.()
  expect(await Promise.all([later, latest])).toEqual(['1/2', '1/2'])
})

test('a question that could not be sent is asked anew', async () => {
  let isDown = true
  const unsafe = async () => [{ answer: '1/shop' }]
  const use: Pool['use'] = async (task) => {
    await Promise.resolve()
    if (isDown) throw new Error('down')
    return task({ unsafe } as unknown as Sql)
  }
  const ask = queryIdentity({ use, end: async () => {} })
  await expect(ask()).rejects.toThrow('down')
  isDown = false
  expect(await ask()).toBe('1/shop')
})
