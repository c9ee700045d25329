import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Balancer, findNginx, startNginx } from './nginx.ts'

/**
 * How Node runs the API, as in `npm start`: with room for what requests leave behind from the beginning, as each time that
 * it is cleared all that wait for an answer are copied; and with room for what is taken for lasting, as V8 would look through
 * all of its memory several times a second under load.
 */
export const nodeOptions = [
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
  '--heap-growing-percent=500',
  '--import',
  'tsx',
]

/** What a stack stands on, and how it differs from the usual: two nodes, any free port, and the limits of a host. */
export type Wanted = {
  readonly url: string
  readonly nodes?: number
  readonly port?: number
  /** `off` where all requests come from one address. */
  readonly limits?: 'on' | 'off'
  /** Without it, every request goes to a node. */
  readonly cache?: boolean
}

/** NGINX before nodes that serve a database, all on loopback. `admin` has `/status` and takes `POST /invalidate`. */
export type Stack = Balancer & {
  readonly nodes: readonly string[]
  /** The processes of the nodes, in their order. */
  readonly processes: readonly ChildProcess[]
  readonly stop: () => Promise<void>
}

/** Starts a stack on a migrated database. */
export const startStack = async ({ url, nodes: count = 2, ...wanted }: Wanted): Promise<Stack> => {
  const nginx = await findNginx()
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(url)))
  const stopNodes = () => Promise.all(nodes.map(stopNode))
  try {
    const balancer = await startNginx(nginx, { ports: nodes.map(({ port }) => port), ...wanted })
    return {
      ...balancer,
      nodes: nodes.map(({ port }) => `http://127.0.0.1:${port}`),
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

type Node = { readonly child: ChildProcess; readonly port: number }

const startNode = async (url: string): Promise<Node> => {
  const child = fork(fileURLToPath(new URL('../../router/runtimes/worker.ts', import.meta.url)), {
    execArgv: nodeOptions,
    env: { ...process.env, DATABASE_URL: url, HOST: '127.0.0.1', PORT: '0' },
  })
  const [told] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown]
  if (typeof told !== 'object') throw new Error('A node ended as it started.')
  return { child, port: (told as { port: number }).port }
}

const stopNode = async ({ child }: Node): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.send({ stop: { drainMs: 0 } })
  await ended
}
