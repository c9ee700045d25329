import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { findBinaries } from '../../db/embedded/binaries.ts'
import { main } from '../../db/commandLine.ts'
import { findNginx } from '../stack/findNginx.ts'

const help = `Usage: npm run test:ops -- [file or name of tests]

Creates a balancer, two nodes, a database and their clients as network namespaces of this machine, and tests what
ops/README.md promises. Needs root, iproute2, and Debian's nginx with Lua; if something is missing, names it and ends
with 0. Changes nothing outside its namespaces, and leaves only the logs of the hosts, in .atelier/hosts.`

// All processes, bridges and files in /run end with the first process of these namespaces.
const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
const begin = 'mount -t tmpfs tmpfs /run && ip link set lo up && "$@"; exit $?'

const commands = [
  ['ip', 'iproute2'],
  ['curl', 'curl'],
  ['openssl', 'openssl'],
  ['nginx', 'nginx libnginx-mod-http-lua'],
] as const

/** The reason why the tests cannot run here, if any. */
const findObstacle = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return 'they need Linux.'
  if (process.getuid?.() !== 0) return 'they need root.'
  for (const [command, packages] of commands) {
    if (spawnSync(command, ['--help']).error) return `they need the command ${command} (apt-get install ${packages}).`
  }
  if (spawnSync('unshare', [...namespaces, 'ip', 'netns', 'list']).status !== 0)
    return 'this system does not allow network namespaces.'
  return Promise.all([findNginx(), findBinaries()]).then(
    () => undefined,
    (error: Error) => error.message,
  )
}

await main(async () => {
  const args = process.argv.slice(2)
  if (args.includes('--help')) return console.log(help)
  const reason = await findObstacle()
  if (reason) return console.log(`The tests of ops are skipped: ${reason}`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', '.vitest.ops.config.ts', ...args]
  const child = spawn('unshare', [...namespaces, 'sh', '-c', begin, 'sh', process.execPath, ...vitest], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGKILL'))
  const [status] = (await once(child, 'exit')) as [number | null]
  return status ?? 1
})
