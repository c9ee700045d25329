import { cp, mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { client } from '../../db/client.ts'
import { dataFolder } from '../../db/embedded/folder.ts'
import { migrate } from '../../db/migrate.ts'
import { admin, origin, startBalancer } from './balancer.ts'
import { buildHosts, folder } from './hosts.ts'
import { startDatabase, roleUrl, superuserUrl } from './databases.ts'
import { nodes, startNode } from './nodes.ts'

/** Creates the hosts and starts their servers. Nothing is stopped: everything ends with the namespaces. */
export default async ({ provide }: TestProject) => {
  await mkdir(folder, { mode: 0o711 })
  await buildHosts()
  await startDatabase()
  const sql = client(roleUrl('migrate'), { max: 1 })
  await migrate(sql)
  await sql.end({ timeout: 5 })
  await mkdir(`${folder}/builds`)
  for (const build of ['first', 'second']) await symlink(process.cwd(), `${folder}/builds/${build}`)
  await Promise.all(nodes.map((node) => startNode(node)))
  await startBalancer()
  provide('served', { origin, invalidate: `${admin}/invalidate`, database: superuserUrl('database') })
  return copyLogs
}

/** Copies the logs of the hosts to `.atelier/hosts`. */
const copyLogs = async (): Promise<void> => {
  const logs = join(dataFolder(), 'hosts')
  await rm(logs, { recursive: true, force: true })
  await cp('/var/log/nginx', join(logs, 'nginx'), { recursive: true })
  for (const log of ['node-1/log', 'node-2/log', 'database/postgres/server.log', 'replica/postgres/server.log']) {
    await cp(`${folder}/${log}`, join(logs, log)).catch(() => {})
  }
}
