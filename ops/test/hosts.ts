import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The addresses of the hosts, which are network namespaces. The tests run at `10.77.0.1`. */
export const addresses = {
  balancer: '10.77.0.10',
  'node-1': '10.77.0.21',
  'node-2': '10.77.0.22',
  database: '10.77.0.30',
  replica: '10.77.0.31',
  client: '10.77.0.40',
} as const

/** More addresses of the client host and of the tests: the balancer limits each address. */
export const clientAddresses = Array.from({ length: 100 }, (_, n) => `10.77.0.${100 + n}`)
export const testAddresses = Array.from({ length: 50 }, (_, n) => `10.77.0.${200 + n}`)

export type Host = keyof typeof addresses

/** The files of the hosts, deleted when the tests end. */
export const folder = '/run/atelierx'

const ip = (...args: string[]) => execute('ip', args)

/** Creates the hosts, and a bridge between them. */
export const buildHosts = async (): Promise<void> => {
  await ip('link', 'add', 'name', 'bridge', 'up', 'type', 'bridge')
  for (const address of ['10.77.0.1', ...testAddresses]) await ip('address', 'add', `${address}/24`, 'dev', 'bridge')
  for (const [host, address] of Object.entries(addresses)) {
    await ip('netns', 'add', host)
    await ip('link', 'add', 'name', host, 'up', 'master', 'bridge', 'type', 'veth', 'peer', 'eth0', 'netns', host)
    await ip('-n', host, 'address', 'add', `${address}/24`, 'dev', 'eth0')
    if (host === 'client') {
      for (const other of clientAddresses) await ip('-n', host, 'address', 'add', `${other}/24`, 'dev', 'eth0')
    }
    for (const device of ['lo', 'eth0']) await ip('-n', host, 'link', 'set', device, 'up')
  }
}

/** Disconnects a host from the network, or connects it again. */
export const setLink = async (host: Host, state: 'up' | 'down'): Promise<void> =>
  void (await ip('link', 'set', host, state))

/** The command that runs its arguments on a host. */
export const netnsExec = (host: Host): string[] => ['ip', 'netns', 'exec', host]

/** Starts a script of this project on a host, with a channel for messages. */
export const forkOnHost = (host: Host, script: string): ChildProcess =>
  spawn('ip', [...netnsExec(host).slice(1), process.execPath, '--import', 'tsx', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })

/** Sends a signal to every process of a host. */
export const signal = async (host: Host, name: NodeJS.Signals): Promise<void> => {
  const { stdout } = await ip('netns', 'pids', host)
  for (const pid of stdout.split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), name)
    } catch {
      // The process has ended.
    }
  }
}
