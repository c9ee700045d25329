import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { main } from '../../db/problem.ts'

const help = `Usage: npm run test:ops -- [file or name of tests]

Builds a balancer, two nodes, a database and their clients as network namespaces of this machine, and proves on them what
ops/README.md promises. Needs root, iproute2, and Debian's nginx with Lua; says what is missing, and ends with 0, where it
cannot run. Nothing outside of its own namespaces is touched, and nothing stays behind.`

const luaModule = '/usr/lib/nginx/modules/ngx_http_lua_module.so'
const works = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** What keeps the tests from running here, if anything does. */
const missing = (): string | undefined => {
  if (process.platform !== 'linux') return 'they need Linux'
  if (process.getuid?.() !== 0) return 'they need root'
  if (!works('ip', '-V')) return 'they need the command ip (apt-get install iproute2)'
  if (!works('unshare', ...own, 'ip', 'netns', 'list')) return 'this system lets nobody make network namespaces'
  if (!works('openssl', 'version')) return 'they need the command openssl (apt-get install openssl)'
  if (!works('nginx', '-v') || !existsSync(luaModule))
    return 'they need NGINX with Lua (apt-get install nginx libnginx-mod-http-lua)'
  return undefined
}

// Whatever is made in there, from processes to bridges and files in /run, ends with its first process.
const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
const begin = 'mount -t tmpfs tmpfs /run && ip link set lo up && "$@"; exit $?'

await main(async () => {
  const given = process.argv.slice(2)
  if (given.includes('--help')) return console.log(help)
  const reason = missing()
  if (reason) return console.log(`The tests of ops are skipped: ${reason}.`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', '.vitest.ops.config.ts', ...given]
  const child = spawn('unshare', [...own, 'sh', '-c', begin, 'sh', process.execPath, ...vitest], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGKILL'))
  const [status] = (await once(child, 'exit')) as [number | null]
  return status ?? 1
})
