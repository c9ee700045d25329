import { mkdir } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { client } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { buildHosts, folder } from './hosts.ts'
import { databaseUrl, nodes, startDatabase, startNode } from './servers.ts'

/** Builds the hosts and starts what runs on them. Nothing is torn down: it all ends with the namespaces that hold it. */
export default async ({ provide }: TestProject) => {
  await mkdir(folder, { mode: 0o711 })
  await buildHosts()
  await startDatabase()
  const sql = client(databaseUrl, { max: 1 })
  await migrate(sql)
  await sql.end({ timeout: 5 })
  await Promise.all(nodes.map(startNode))
  provide('served', { origin: 'http://10.77.0.21:3000', forget: 'http://10.77.0.21:3000/livez', database: databaseUrl })
}
