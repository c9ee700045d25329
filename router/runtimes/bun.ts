// Bun: `serveBun({ url, host, port })` serves the API by Bun's own server, with pools of connections to PostgreSQL.
// It takes the options of `serveNode`, and its connections stay open as long.
import type { FetchServerOptions } from './connectApi.ts'
import type { ServerHandle } from './http/listen.ts'
import { serveFetch } from './serveFetch.ts'

declare const Bun: { serve(options: object): { readonly port: number; stop(): Promise<void> } }

/** Serves the API over HTTP. Throws Bun's error if it cannot listen. */
export const serveBun = (options: FetchServerOptions): ServerHandle =>
  serveFetch(options, (fetch) => {
    const server = Bun.serve({ hostname: options.host, port: options.port, idleTimeout: 75, fetch })
    return { port: server.port, close: () => server.stop() }
  })
