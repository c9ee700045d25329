import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type AdminServer, formatAdminAddress, serveAdmin } from '../observe/admin.ts'
import type { ObservedHandle, ObservedOptions } from '../observe/serveObserved.ts'

/**
 * Serves the API as `serveObserved` does, from several processes that share a port. A process that dies is replaced.
 */
export const serveCluster = async (
  count: number,
  { url, readUrls = [], host, port, admin }: ObservedOptions,
): Promise<ObservedHandle> => {
  // Each process accepts connections from the kernel. Round robin hands them out in turn, and one that is given to a
  // busy process holds up all behind it: under load, new connections waited for seconds.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: fileURLToPath(new URL('worker.ts', import.meta.url)), args: [] })
  let isStopping = false
  let replaced = 0

  const start = async (port: number): Promise<number> => {
    const worker = cluster.fork({
      DATABASE_URL: url,
      DATABASE_READ_URLS: readUrls.join(),
      HOST: host,
      PORT: String(port),
      ATELIER_ADMIN_PORT: admin ? formatAdminAddress(admin) : '',
    })
    const ended = once(worker, 'exit')
    const listening = await Promise.race([readPort(worker), ended])
    if (typeof listening !== 'number') throw new Error('A process of the API ended as it started.')
    void ended.then(() => replace(worker, port))
    return listening
  }

  const replace = async (worker: Worker, port: number): Promise<void> => {
    if (isStopping) return
    console.error(
      `A process of the API ended (${worker.process.signalCode ?? worker.process.exitCode}): starting another.`,
    )
    replaced += 1
    await setTimeout(100)
    if (!isStopping) await start(port).catch(() => replace(worker, port))
  }

  const stop: ObservedHandle['stop'] = async (options) => {
    isStopping = true
    const workers = listWorkers()
    const ended = workers.map((worker) => once(worker, 'exit'))
    for (const worker of workers) worker.send({ stop: options ?? {} })
    await Promise.all(ended)
  }

  const [first = port] = await Promise.all(Array.from({ length: count }, () => start(port)))
  if (!admin) return { port: first, stop }
  const { createClusterMetrics } = await import('../observe/clusterMetrics.ts')
  const adminServer: AdminServer = await serveAdmin(admin, {
    metrics: createClusterMetrics(() => ({ count: listWorkers().length, replaced })),
    ready: async () => !isStopping && (await isReady(host, first)),
  }).catch(async (error: unknown) => {
    await stop({ drainMs: 0 })
    throw error
  })
  return { port: first, adminPort: adminServer.port, stop: (options) => stop(options).finally(adminServer.stop) }
}

const listWorkers = (): Worker[] => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)

/** Resolves to the port that a process serves at; it may send its metrics before. */
const readPort = (worker: Worker): Promise<number> =>
  new Promise((resolve) => {
    worker.on('message', ({ port }: { port?: number }) => {
      if (port !== undefined) resolve(port)
    })
  })

/** True if the process that gets the request is ready. */
const isReady = async (host: string, port: number): Promise<boolean> => {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const url = `http://${formatAdminAddress({ host: name, port })}/readyz`
  return (await fetch(url, { signal: AbortSignal.timeout(3000) })).ok
}
