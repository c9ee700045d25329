import cluster from 'node:cluster'
import type { Address, ServerHandle } from '../http/listen.ts'
import { serveNode, type ServerOptions } from '../node.ts'
import { type AdminServer, serveAdmin } from './admin.ts'
import type { LogOptions } from './logOptions.ts'

/** The address of the admin server, without which there are no metrics, and what is logged. */
export type ObservedOptions = ServerOptions & {
  readonly admin?: Address | undefined
  readonly logOptions?: LogOptions | undefined
}
export type ObservedHandle = ServerHandle & { readonly adminPort?: number | undefined }

/**
 * Serves the API as `serveNode` does, with a log, and metrics at the admin address. A process of a cluster gives its
 * metrics to the primary, which serves those of all.
 */
export const serveObserved = async ({ admin, logOptions, ...options }: ObservedOptions): Promise<ObservedHandle> => {
  const log = logOptions && (await (await import('./log.ts')).openLog(logOptions))
  const logged = { ...options, ...(log && { log: log.incident }) }
  const observers = logOptions?.sample === undefined || !log ? [] : [log.observer]
  if (!admin) return serveNode({ ...logged, observers })
  const { createMetrics, shareMetrics } = await import('./metrics.ts')
  const metrics = createMetrics()
  const server = await serveNode({ ...logged, observers: [metrics, ...observers] })
  let adminServer: AdminServer | undefined
  if (cluster.isWorker) shareMetrics(metrics)
  else {
    const source = { metrics: () => metrics.registry.metrics(), ready: server.ready }
    adminServer = await serveAdmin(admin, source).catch(async (error: unknown) => {
      await server.stop({ drainMs: 0 })
      throw error
    })
  }
  return {
    port: server.port,
    adminPort: adminServer?.port,
    stop: (options) => server.stop(options).finally(() => adminServer?.stop()),
  }
}
