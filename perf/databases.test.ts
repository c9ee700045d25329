import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../db/test/database.ts'
import { createTemporaryDatabase, runStatements } from './databases.ts'

let server: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => void (server = await createDatabase()))
afterAll(() => server.drop())

const listDatabases = () =>
  runStatements(server.url, `select datname as name from pg_database where datname like 'leftover%' order by 1`)

test('drops what an ended process left of its kind, and nothing that runs or lasts', async () => {
  const { pid: ended } = spawnSync(process.execPath, ['--version'])
  const others = [`leftover_${process.ppid}`, 'leftover_0a1b']
  await runStatements(server.url, ...[`leftover_${ended}`, ...others].map((name) => `create database ${name}`))
  try {
    {
      await using database = await createTemporaryDatabase(server.url, 'leftover')
      const names = [...others, database.name].toSorted()
      expect(await listDatabases()).toEqual(names.map((name) => ({ name })))
    }
    expect(await listDatabases()).toHaveLength(2)
  } finally {
    await runStatements(server.url, ...others.map((name) => `drop database ${name}`))
  }
})
