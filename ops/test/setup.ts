import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { client } from '../../db/connect.ts'
import { dataFolder } from '../../db/folder.ts'
import { migrate } from '../../db/migrate.ts'
import { admin, origin, startBalancer } from './balancer.ts'
import { buildHosts, folder, logOf } from './hosts.ts'
import { databaseUrl, nodes, startDatabase, startNode, urlAs } from './servers.ts'

/** Builds the hosts and starts what runs on them. Nothing is torn down: it all ends with the namespaces that hold it. */
export default async ({ provide }: TestProject) => {
  await mkdir(folder, { mode: 0o711 })
  await buildHosts()
  await startDatabase()
  const sql = client(urlAs('migrate'), { max: 1 })
  await migrate(sql)
  await sql.end({ timeout: 5 })
  await Promise.all(nodes.map(startNode))
  await startBalancer()
  provide('served', { origin, forget: `${admin}/forget`, database: databaseUrl })
  return keepLogs
}

/** Copies what the hosts logged to where it can be read afterwards. */
const keepLogs = async (): Promise<void> => {
  const kept = join(dataFolder(), 'hosts')
  await rm(kept, { recursive: true, force: true })
  await cp('/var/log/nginx', join(kept, 'nginx'), { recursive: true })
  for (const host of nodes) await cp(logOf(host), join(kept, `${host}.log`))
}
