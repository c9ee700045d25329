import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { fixtureFile } from '../../db/test/database.ts'
import type { ServerHandle } from '../../router/runtimes/http/listen.ts'
import { serveNode } from '../../router/runtimes/node.ts'
import { createHost, missing } from './test/host.ts'

const skipped = missing === undefined ? '' : ` (${missing})`

describe.skipIf(missing)(`a replica of the database host${skipped}`, () => {
  let host: ReturnType<typeof createHost>
  let node: ServerHandle
  let port: string
  const onReplica = (text: string) => host.run('psql', '-qAtX', '-p', port, '-d', 'atelier', '-c', text)

  beforeAll(async () => {
    host = createHost()
    const sql = client(host.url('atelier_migrate'), { max: 1 })
    await migrate(sql)
    await sql.end({ timeout: 5 })
    host.sql(readFileSync(fixtureFile, 'utf8'))

    const source = host.url('atelier_replication', { database: '' })
    const options = ['--write-recovery-conf', '--create-slot', '--slot=replica1', '--checkpoint=fast']
    host.run('pg_basebackup', '--pgdata', host.at('replica'), '--dbname', source, ...options)
    const api = new URL(host.url('atelier_api'))
    port = String(Number(api.port) + 1)
    const settings = `-c config_file=${host.at('postgresql.conf')} -c port=${port} -c hot_standby_feedback=on`
    host.run('pg_ctl', 'start', '-w', '-s', '-D', host.at('replica'), '-l', host.at('replica.log'), '-o', settings)

    const url = api.href
    api.port = port
    node = await serveNode({ url, readUrls: [api.href], host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await node?.stop({ drainMs: 0 })
    try {
      host?.stop('replica')
    } finally {
      host?.remove()
    }
  })

  const helpfulness = async (headers: Record<string, string> = {}): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${node.port}/reviews?product_id=1&count=100`, { headers })
    const { results } = (await answer.json()) as { results: { review_id: number; helpfulness: number }[] }
    return results.find(({ review_id }) => review_id === 1)!.helpfulness
  }

  test('is read with the rights of the API, and hides no write', async () => {
    const before = await helpfulness()
    onReplica('select pg_wal_replay_pause()')
    await expect.poll(() => onReplica('select pg_get_wal_replay_pause_state()').trim()).toBe('paused')
    const { status } = await fetch(`http://127.0.0.1:${node.port}/reviews/1/helpful`, { method: 'PUT' })
    expect(status).toBe(204)
    expect(await helpfulness()).toBe(before + 1)
    // The replica has not replayed it yet.
    await expect.poll(() => helpfulness({ 'Consistency-Token': '0/0' })).toBe(before)
    onReplica('select pg_wal_replay_resume()')
    await expect.poll(() => helpfulness({ 'Consistency-Token': '0/0' })).toBe(before + 1)
  })
})
