import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BalancerOptions } from './configuration.ts'
import { findNginx } from './findNginx.ts'
import { type Balancer, startNginx } from './nginx.ts'

/**
 * The options of Node for the API, as in `npm start`. A large young generation: each scavenge copies the objects of all
 * waiting requests. Fast heap growth: otherwise V8 marks its whole heap several times a second under load.
 */
export const nodeOptions = [
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
  '--heap-growing-percent=500',
  '--import',
  'tsx',
]

/** The options of a stack: the database, how many nodes (2 by default), and whether each has an admin server. */
export type StackOptions = Pick<BalancerOptions, 'port' | 'limits' | 'cache' | 'servesAdmin'> & {
  readonly url: string
  readonly nodes?: number
  readonly observe?: boolean
}

/** A balancer before nodes that serve one database, all on loopback. */
export type Stack = Balancer & {
  /** The URLs of the nodes. */
  readonly nodes: readonly string[]
  /** The addresses of their admin servers, as `host:port`; none unless observed. */
  readonly nodeAdmins: readonly string[]
  /** The processes of the nodes, in the same order. */
  readonly processes: readonly ChildProcess[]
}

/** Starts a stack on a migrated database. */
export const startStack = async ({
  url,
  nodes: count = 2,
  observe = false,
  ...options
}: StackOptions): Promise<Stack> => {
  const nginx = await findNginx()
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(url, { observe })))
  const stopNodes = () => Promise.all(nodes.map(stopNode))
  try {
    const balancer = await startNginx(nginx, { ports: nodes.map(({ port }) => port), ...options })
    return {
      ...balancer,
      nodes: nodes.map(({ port }) => `http://127.0.0.1:${port}`),
      nodeAdmins: nodes.flatMap(({ adminPort }) => (adminPort === undefined ? [] : `127.0.0.1:${adminPort}`)),
      processes: nodes.map(({ child }) => child),
      stop: async () => {
        await balancer.stop()
        await stopNodes()
      },
    }
  } catch (error) {
    await stopNodes()
    throw error
  }
}

type Node = { readonly child: ChildProcess; readonly port: number; readonly adminPort?: number }

type NodeOptions = {
  readonly observe?: boolean
  readonly stderr?: 'inherit' | 'pipe'
  /** Modules that the node loads before its own. */
  readonly imports?: readonly string[]
}

/** Starts one node on a free port of loopback. */
export const startNode = async (
  url: string,
  { observe = false, stderr = 'inherit', imports = [] }: NodeOptions = {},
): Promise<Node> => {
  const child = fork(fileURLToPath(new URL('../../router/runtimes/http/worker.ts', import.meta.url)), {
    execArgv: [...nodeOptions, ...imports.flatMap((module) => ['--import', module])],
    stdio: ['inherit', 'inherit', stderr, 'ipc'],
    env: { ...process.env, DATABASE_URL: url, HOST: '127.0.0.1', PORT: '0', ATELIER_ADMIN_PORT: observe ? '0' : '' },
  })
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown]
  if (typeof message !== 'object') throw new Error('A node exited while it started.')
  return { ...(message as { port: number; adminPort?: number }), child }
}

const stopNode = async ({ child }: Node): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.send({ stop: { drainMs: 0 } })
  await exited
}
