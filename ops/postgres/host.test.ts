import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { findInconsistent } from '../../db/verify.ts'
import { generate } from '../../importer/generate/generate.ts'
import { importFolder } from '../../importer/load.ts'
import { createHost, missing } from './test/host.ts'

const skipped = missing === undefined ? '' : ` (${missing})`

describe.skipIf(missing)(`the database host${skipped}`, () => {
  let host: ReturnType<typeof createHost>

  const as = async <Result>(
    url: string,
    task: (sql: ReturnType<typeof client>) => Promise<Result>,
  ): Promise<Result> => {
    const sql = client(url, { max: 1, connect_timeout: 3 })
    try {
      return await task(sql)
    } finally {
      await sql.end({ timeout: 1 })
    }
  }
  const readUser = (url: string) => as(url, (sql) => sql`select current_user::text as name`)

  beforeAll(async () => {
    host = createHost()
    await as(host.url('atelier_migrate'), migrate)
    const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
    await generate(folder, { products: 50, seed: 1 })
    await importFolder(host.url('atelier_import'), folder, { rejects: join(folder, 'rejects.csv') })
    await rm(folder, { recursive: true })
  })
  afterAll(() => host?.remove())

  test('accepts the settings, and the API over TLS', async () => {
    expect(host.sql('select count(*) from pg_file_settings where error is not null')).toBe('0')
    expect(await readUser(host.url('atelier_api'))).toEqual([{ name: 'atelier_api' }])
  })

  test('refuses connections without TLS, to another database, and as a superuser or a backup', async () => {
    const refused = { code: '28000' }
    await expect(readUser(host.url('atelier_api', { tls: false }))).rejects.toMatchObject(refused)
    await expect(readUser(host.url('atelier_api', { database: 'postgres' }))).rejects.toMatchObject(refused)
    await expect(readUser(host.url('postgres'))).rejects.toMatchObject(refused)
    await expect(readUser(host.url('atelier_backup'))).rejects.toMatchObject(refused)
  })

  test('is restored from a backup, to its last write or to the moment before a mistake', async () => {
    const counts = () =>
      host.sql(`select string_agg(format('%s %s', relname, (xpath('/row/n/text()', query_to_xml(
        format('select count(*) as n from %s', oid::regclass), false, true, '')))[1]), ', ' order by relname)
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`)
    const helpful = () => host.sql('select helpfulness from reviews where review_id = 1')
    const count = () => host.sql('update reviews set helpfulness = helpfulness + 1 where review_id = 1')
    const restored = async (...more: string[]) => {
      host.stop('data')
      await rename(host.at('data'), host.at(`before ${Date.now()}`))
      host.command('restore', host.at('archive'), host.at('data'), ...more)
      host.start('data')
      while (host.sql('select pg_is_in_recovery()') === 't') await setTimeout(100)
    }

    const before = Number(helpful())
    host.command('backup', host.at('archive'))
    count()
    const whole = counts()
    await setTimeout(100)
    const moment = host.sql('select now()')
    await setTimeout(100)
    host.sql('truncate reviews cascade')
    count()
    host.sql('create table after_mistake ()')

    await restored('--until', moment)
    expect(counts()).toBe(whole)
    expect(Number(helpful())).toBe(before + 1)
    expect(await as(host.url('atelier_import'), findInconsistent)).toEqual([])

    // Writes after a restore are archived, too.
    count()
    await restored()
    expect(Number(helpful())).toBe(before + 2)
    expect(await readUser(host.url('atelier_api'))).toEqual([{ name: 'atelier_api' }])
  })
})
