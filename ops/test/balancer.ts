import { cp, mkdir, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { addresses, folder, run } from './hosts.ts'
import { nodes } from './servers.ts'

const execute = promisify(execFile)
const project = fileURLToPath(new URL('../..', import.meta.url))

/** Where the balancer answers the public, and those who run it. */
export const origin = `http://${addresses.balancer}`
export const admin = `http://${addresses.balancer}:8081`

/**
 * Starts NGINX as on a balancer of its own: with the files of `ops/nginx/host`, at their places. What differs is which nodes
 * there are, and that the tests may see the status.
 */
export const startBalancer = async (): Promise<void> => {
  const modules = `${folder}/modules-enabled`
  await cp('/etc/nginx/modules-enabled', modules, { recursive: true })
  // Seen by the tests alone: the folders of the machine stay as they are.
  for (const place of ['/opt', '/etc/nginx', '/var/cache/nginx', '/var/lib/nginx', '/var/log/nginx']) {
    await mkdir(place, { recursive: true })
    await execute('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', place])
  }
  await mkdir('/opt/atelierx')
  await execute('mount', ['--bind', project, '/opt/atelierx'])

  await cp(modules, '/etc/nginx/modules-enabled', { recursive: true })
  for (const from of ['nginx', 'nginx/host']) await cp(`${project}/ops/${from}`, '/etc/nginx', { recursive: true })
  await execute(`${project}/ops/nginx/nodes`, ['/etc/nginx', ...nodes.map((node) => `${addresses[node]}:3000`)])
  await writeFile('/etc/nginx/admin.conf', `listen ${addresses.balancer}:8081;\nallow 10.77.0.1;\ndeny all;\n`)
  await run('balancer', 'nginx', [])
}
