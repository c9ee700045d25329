import cluster from 'node:cluster'
import type { Address, ServerHandle } from '../listen.ts'
import { serveNode, type ServerOptions } from '../node.ts'
import { type AdminServer, serveAdmin } from './admin.ts'

/** The address of the admin server; without it, there are no metrics. */
export type ObservedOptions = ServerOptions & { readonly admin?: Address | undefined }
export type ObservedHandle = ServerHandle & { readonly adminPort?: number | undefined }

/**
 * Serves the API as `serveNode` does, with metrics at the admin address. A process of a cluster gives its metrics to
 * the primary, which serves those of all.
 */
export const serveObserved = async ({ admin, ...options }: ObservedOptions): Promise<ObservedHandle> => {
  if (!admin) return serveNode(options)
  const { createMetrics, shareMetrics } = await import('./metrics.ts')
  const metrics = createMetrics()
  const server = await serveNode({ ...options, observers: [metrics] })
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
