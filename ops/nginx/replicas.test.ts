import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client, type Sql } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { type ReplicationPair, startReplicationPair } from '../../db/test/replicationPair.ts'
import { fixtureFile } from '../../db/test/database.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { describeNginx } from './test/stack.ts'

describeNginx('a stack whose nodes read from a replica', () => {
  let pair: ReplicationPair
  let replica: Sql
  let stack: Stack
  beforeAll(async () => {
    pair = await startReplicationPair(async (url) => {
      const sql = client(url, { max: 1 })
      await migrate(sql)
      await sql.unsafe(await readFile(fixtureFile, 'utf8'))
      await sql.end({ timeout: 5 })
    })
    replica = client(pair.replica.url, { max: 1 })
    process.env.DATABASE_READ_URLS = pair.replica.url
    stack = await startStack({ url: pair.primary.url, limits: 'off' })
    delete process.env.DATABASE_READ_URLS
  })
  afterAll(async () => {
    await stack?.stop()
    await replica?.end({ timeout: 5 })
    await pair?.end()
  })

  const helpfulness = async (headers: Record<string, string> = {}): Promise<number> => {
    const answer = await fetch(`${stack.url}/reviews?product_id=1&count=100`, { headers })
    const { results } = (await answer.json()) as { results: { review_id: number; helpfulness: number }[] }
    return results.find(({ review_id }) => review_id === 1)!.helpfulness
  }

  test('a write shows in the next read of every client, although the replica has not replayed it', async () => {
    const before = await helpfulness()
    await replica`select pg_wal_replay_pause()`
    for (let rounds = 1; rounds <= 100; rounds += 1) {
      const { status, headers } = await fetch(`${stack.url}/reviews/1/helpful`, { method: 'PUT' })
      expect([status, headers.has('consistency-token')]).toEqual([204, false])
      expect(await helpfulness()).toBe(before + rounds)
      // The balancer drops these headers of clients.
      expect(await helpfulness({ 'Consistency-Token': '0/0', 'Cache-Control': 'no-cache' })).toBe(before + rounds)
    }
    await replica`select pg_wal_replay_resume()`
  })
})
