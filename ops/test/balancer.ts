import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { endpoints } from '../../handlers/index.ts'
import { run } from '../deploy/target.ts'
import { buildApiModule } from '../nginx/api.ts'
import { addresses, folder, netnsExec } from './hosts.ts'
import { nodes, nodeAddress } from './nodes.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** The URLs of the public server and of the admin server. */
export const origin = `http://${addresses.balancer}`
export const admin = `http://${addresses.balancer}:8081`

/** Starts NGINX with the files of `ops/nginx/host`. The tests and the import may reach its admin server. */
export const startBalancer = async (): Promise<void> => {
  const modules = `${folder}/modules-enabled`
  await cp('/etc/nginx/modules-enabled', modules, { recursive: true })
  // These mounts exist for the tests alone.
  for (const mountPoint of [
    '/opt',
    '/etc/nginx',
    '/etc/letsencrypt',
    '/var/cache/nginx',
    '/var/lib/nginx',
    '/var/log/nginx',
  ]) {
    await mkdir(mountPoint, { recursive: true })
    await run([], 'mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', mountPoint)
  }
  await mkdir('/opt/atelierx')
  await run([], 'mount', '--bind', project, '/opt/atelierx')

  await cp(modules, '/etc/nginx/modules-enabled', { recursive: true })
  for (const from of ['nginx', 'nginx/host']) await cp(`${project}/ops/${from}`, '/etc/nginx', { recursive: true })
  await writeFile('/etc/nginx/api.lua', buildApiModule(endpoints))
  const localRules = await readFile('/etc/nginx/admin.conf', 'utf8')
  await writeFile(
    '/etc/nginx/admin.conf',
    `listen ${addresses.balancer}:8081;\nallow 10.77.0.1;\nallow ${addresses.database};\n${localRules}`,
  )
  await run([], `${project}/ops/nginx/nodes`, '/etc/nginx', ...nodes.map(nodeAddress))
  await run(netnsExec('balancer'), 'nginx')
}
