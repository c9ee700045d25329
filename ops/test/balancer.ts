import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { endpoints } from '../../handlers/index.ts'
import { run } from '../deploy/target.ts'
import { buildApiModule } from '../nginx/api.ts'
import { addresses, folder, prefix } from './hosts.ts'
import { nodes, placeOf } from './nodes.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** Where the balancer answers the public, and those who run it. */
export const origin = `http://${addresses.balancer}`
export const admin = `http://${addresses.balancer}:8081`

/**
 * Starts NGINX as on a balancer of its own: with the files of `ops/nginx/host`, at their places. What differs is which nodes
 * there are, and that the tests and the import reach it.
 */
export const startBalancer = async (): Promise<void> => {
  const modules = `${folder}/modules-enabled`
  await cp('/etc/nginx/modules-enabled', modules, { recursive: true })
  // Seen by the tests alone: the folders of the machine stay as they are.
  for (const place of [
    '/opt',
    '/etc/nginx',
    '/etc/letsencrypt',
    '/var/cache/nginx',
    '/var/lib/nginx',
    '/var/log/nginx',
  ]) {
    await mkdir(place, { recursive: true })
    await run([], 'mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', place)
  }
  await mkdir('/opt/atelierx')
  await run([], 'mount', '--bind', project, '/opt/atelierx')

  await cp(modules, '/etc/nginx/modules-enabled', { recursive: true })
  for (const from of ['nginx', 'nginx/host']) await cp(`${project}/ops/${from}`, '/etc/nginx', { recursive: true })
  await writeFile('/etc/nginx/api.lua', buildApiModule(endpoints))
  const own = await readFile('/etc/nginx/admin.conf', 'utf8')
  await writeFile(
    '/etc/nginx/admin.conf',
    `listen ${addresses.balancer}:8081;\nallow 10.77.0.1;\nallow ${addresses.database};\n${own}`,
  )
  await run([], `${project}/ops/nginx/nodes`, '/etc/nginx', ...nodes.map(placeOf))
  await run(prefix('balancer'), 'nginx')
}
