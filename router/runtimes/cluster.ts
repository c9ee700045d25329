import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ServerHandle } from './listen.ts'
import type { Place } from './node.ts'

/** Serves the API as `serveNode` does, from several processes that share the port. One that ends by itself is replaced. */
export const serveCluster = async (count: number, { url, readUrls = [], host, port }: Place): Promise<ServerHandle> => {
  // Each process takes its connections from the kernel. Handed out in turn, one waits until its process has answered what it
  // has at hand, and so all that come after it: under load, new connections wait for seconds.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.ts', import.meta.url)), args: [] })
  let isStopping = false

  const start = async (at: number): Promise<number> => {
    const worker = cluster.fork({
      DATABASE_URL: url,
      DATABASE_READ_URLS: readUrls.join(),
      HOST: host,
      PORT: String(at),
    })
    const ended = once(worker, 'exit')
    const heard = await Promise.race([once(worker, 'message'), ended])
    const [told] = heard as [{ port?: number } | number]
    if (typeof told !== 'object' || told?.port === undefined)
      throw new Error('A process of the API ended as it started.')
    void ended.then(() => replace(worker, at))
    return told.port
  }

  const replace = async (worker: Worker, at: number): Promise<void> => {
    if (isStopping) return
    console.error(
      `A process of the API ended (${worker.process.signalCode ?? worker.process.exitCode}): starting another.`,
    )
    await setTimeout(100)
    if (!isStopping) await start(at).catch(() => replace(worker, at))
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
