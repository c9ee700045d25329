import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { findBinaries } from '../../db/embedded/binaries.ts'
import { main } from '../../db/commandLine.ts'
import { findNginx } from '../stack/findNginx.ts'

const help = `Usage: npm run test:ops -- [file or name of tests]

Builds a balancer, two nodes, a database and their clients as network namespaces of this machine, and proves on them what
ops/README.md promises. Needs root, iproute2, and Debian's nginx with Lua; says what is missing, and ends with 0, where it
cannot run. Nothing outside of its own namespaces is touched, and nothing stays behind but the logs of the hosts, in
.atelier/hosts.`

// Whatever is made in there, from processes to bridges and files in /run, ends with its first process.
const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
const begin = 'mount -t tmpfs tmpfs /run && ip link set lo up && "$@"; exit $?'

const needed = [
  ['ip', 'iproute2'],
  ['curl', 'curl'],
  ['openssl', 'openssl'],
  ['nginx', 'nginx libnginx-mod-http-lua'],
] as const

/** What keeps the tests from running here, if anything does. */
const missing = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return 'they need Linux.'
  if (process.getuid?.() !== 0) return 'they need root.'
  for (const [command, packages] of needed) {
    if (spawnSync(command, ['--help']).error) return `they need the command ${command} (apt-get install ${packages}).`
  }
  if (spawnSync('unshare', [...own, 'ip', 'netns', 'list']).status !== 0)
    return 'this system lets nobody make network namespaces.'
  return Promise.all([findNginx(), findBinaries()]).then(
    () => undefined,
    (error: Error) => error.message,
  )
}

await main(async () => {
  const given = process.argv.slice(2)
  if (given.includes('--help')) return console.log(help)
  const reason = await missing()
  if (reason) return console.log(`The tests of ops are skipped: ${reason}`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', '.vitest.ops.config.ts', ...given]
  const child = spawn('unshare', [...own, 'sh', '-c', begin, 'sh', process.execPath, ...vitest], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGKILL'))
  const [status] = (await once(child, 'exit')) as [number | null]
  return status ?? 1
})
