import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { urlAs } from './databases.ts'
import { run } from '../deploy/target.ts'
import { addresses, folder, prefix, signal } from './hosts.ts'

/** The two hosts that serve the API. */
export const nodes = ['node-1', 'node-2'] as const
export type Node = (typeof nodes)[number]

/** Where a node answers those who do not come by way of the balancer. */
export const placeOf = (host: Node): string => `${addresses[host]}:3000`

/** The folder of a node, with its `log`. */
export const folderOf = (host: Node): string => `${folder}/${host}`

/** What comes before a command to run it on a node, with the environment that its unit has. */
export const onNode = (host: Node, more: Readonly<Record<string, string>> = {}): string[] => {
  const environment = {
    NODE: folderOf(host),
    NODE_ENV: 'production',
    DATABASE_URL: urlAs('api'),
    ATELIER_WORKERS: '2',
    ATELIER_DRAIN_MS: '1000',
    HOST: addresses[host],
    PORT: '3000',
    ...more,
  }
  return [...prefix(host), 'env', ...Object.entries(environment).map((pair) => pair.join('='))]
}

/** Ends a node where it runs, and starts it on a build; returns when it is ready. */
export const replaceCommand = 'sh ops/deploy/test/replace.sh "$NODE" "$1"'

/** Starts the API on a node, or anew with another environment, and waits until it is ready. */
export const startNode = async (host: Node, more: Readonly<Record<string, string>> = {}): Promise<void> => {
  await mkdir(folderOf(host), { recursive: true })
  await run(onNode(host, more), 'sh', '-c', replaceCommand, 'sh', 'first')
}

/** Ends a node as a loss of power would. */
export const killNode = (host: Node): Promise<void> => signal(host, 'SIGKILL')

/** Waits until a URL answers 200. */
export const answers = async (url: string): Promise<void> => {
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
