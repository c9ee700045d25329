// Deno: `serveDeno({ url, host, port })` serves the API by Deno's own server, with pools of connections to PostgreSQL.
// It takes the options of `serveNode`, and needs --allow-net, --allow-env and --allow-read.
import type { FetchServerOptions } from './connectApi.ts'
import type { ServerHandle } from './http/listen.ts'
import { serveFetch } from './serveFetch.ts'

type Server = { readonly addr: { readonly port: number }; shutdown(): Promise<void> }
declare const Deno: { serve(options: object, fetch: (request: Request) => Promise<Response>): Server }

/** Serves the API over HTTP. Throws Deno's error if it cannot listen. */
export const serveDeno = (options: FetchServerOptions): ServerHandle =>
  serveFetch(options, (fetch) => {
    const server = Deno.serve({ hostname: options.host, port: options.port, onListen: () => {} }, fetch)
    return { port: server.addr.port, close: () => server.shutdown() }
  })
