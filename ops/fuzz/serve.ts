import { readFile } from 'node:fs/promises'
import { client } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { startTestServer } from '../../db/test/setup.ts'
import { serveNode } from '../../router/runtimes/node.ts'

const fixture = new URL('../../db/fixture.sql', import.meta.url)
/** The admin token of the API. */
export const adminToken = 'admin-token-of-fuzz'

const name = `atelierx_fuzz_${process.pid}`

/** Serves the API at a free port, on a new database with the fixture; `stop` drops the database. */
export const serveFixture = async (): Promise<{ readonly origin: string; readonly stop: () => Promise<void> }> => {
  const server = await startTestServer()
  const admin = client(server.url, { max: 1 })
  await admin.unsafe(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = name
  const sql = client(url.href, { max: 1 })
  await migrate(sql)
  await sql.unsafe(await readFile(fixture, 'utf8'))
  await sql.end({ timeout: 5 })

  const api = await serveNode({ url: url.href, host: '127.0.0.1', port: 0, moderation: { token: adminToken } })
  return {
    origin: `http://127.0.0.1:${api.port}`,
    stop: async () => {
      await api.stop({ drainMs: 0, closeMs: 1000 })
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end({ timeout: 5 })
      await server.stop()
    },
  }
}
