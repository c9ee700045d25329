import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ServerHandle } from './listen.ts'
import type { ServerOptions } from './node.ts'

/** Serves the API as `serveNode` does, from several processes that share a port. A process that dies is replaced. */
export const serveCluster = async (
  count: number,
  { url, readUrls = [], host, port }: ServerOptions,
): Promise<ServerHandle> => {
  // Each process accepts connections from the kernel. Round robin hands them out in turn, and one that is given to a
  // busy process holds up all behind it: under load, new connections waited for seconds.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.ts', import.meta.url)), args: [] })
  let isStopping = false

  const start = async (port: number): Promise<number> => {
    const worker = cluster.fork({
      DATABASE_URL: url,
      DATABASE_READ_URLS: readUrls.join(),
      HOST: host,
      PORT: String(port),
    })
    const ended = once(worker, 'exit')
    const [message] = await Promise.race([once(worker, 'message'), ended])
    if (typeof message !== 'object' || message?.port === undefined)
      throw new Error('A process of the API ended as it started.')
    void ended.then(() => replace(worker, port))
    return message.port
  }

  const replace = async (worker: Worker, port: number): Promise<void> => {
    if (isStopping) return
    console.error(
      `A process of the API ended (${worker.process.signalCode ?? worker.process.exitCode}): starting another.`,
    )
    await setTimeout(100)
    if (!isStopping) await start(port).catch(() => replace(worker, port))
  }

  const [first = port] = await Promise.all(Array.from({ length: count }, () => start(port)))
  return {
    port: first,
    stop: async (options) => {
      isStopping = true
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
      const ended = workers.map((worker) => once(worker, 'exit'))
      for (const worker of workers) worker.send({ stop: options ?? {} })
      await Promise.all(ended)
    },
  }
}
