import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { roleUrl } from './databases.ts'
import { run } from '../deploy/target.ts'
import { addresses, folder, netnsExec, signal } from './hosts.ts'

/** The two hosts that serve the API. */
export const nodes = ['node-1', 'node-2'] as const
export type Node = (typeof nodes)[number]

/** The address of a node, past the balancer. */
export const nodeAddress = (host: Node): string => `${addresses[host]}:3000`

/** The folder of a node, with its `log`. */
export const nodeFolder = (host: Node): string => `${folder}/${host}`

/** The command that runs its arguments on a node, with the environment of its unit. */
export const execOnNode = (host: Node, more: Readonly<Record<string, string>> = {}): string[] => {
  const environment = {
    NODE: nodeFolder(host),
    NODE_ENV: 'production',
    DATABASE_URL: roleUrl('api'),
    ATELIER_WORKERS: '2',
    ATELIER_DRAIN_MS: '1000',
    HOST: addresses[host],
    PORT: '3000',
    ...more,
  }
  return [...netnsExec(host), 'env', ...Object.entries(environment).map((pair) => pair.join('='))]
}

/** Restarts a node on a build, and returns when it is ready. */
export const replaceCommand = 'sh ops/deploy/test/replace.sh "$NODE" "$1"'

/** Starts or restarts the API on a node, and waits until it is ready. */
export const startNode = async (host: Node, more: Readonly<Record<string, string>> = {}): Promise<void> => {
  await mkdir(nodeFolder(host), { recursive: true })
  await run(execOnNode(host, more), 'sh', '-c', replaceCommand, 'sh', 'first')
}

/** Kills a node without a drain. */
export const killNode = (host: Node): Promise<void> => signal(host, 'SIGKILL')

/** Waits until a URL answers 200. */
export const waitForAnswer = async (url: string): Promise<void> => {
  const end = Date.now() + 20_000
  for (;;) {
    const status = await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
      (response) => response.status,
      (error: Error) => error.message,
    )
    if (status === 200) return
    if (Date.now() > end) throw new Error(`${url} does not answer (${status}).`)
    await sleep(50)
  }
}
