// Node: `serveNode({ url, host, port })` serves the API over HTTP, with pools of connections to PostgreSQL.
// It answers what Node refuses as the API does, and stops without cutting off a request (listen.ts).
import { connectApi, type ServerOptions } from './connectApi.ts'
import { listen, type ServerHandle } from './http/listen.ts'

export type { ServerOptions }

/** Serves the API over HTTP. Rejects with Node's error if it cannot listen. */
export const serveNode = async (
  options: ServerOptions,
): Promise<ServerHandle & { readonly ready: () => Promise<boolean> }> => {
  const { makeApp, database, ready, onResponse } = connectApi(options)
  const server = await listen(makeApp, options, { onResponse })
  const readLoad = () => ({ server: server.load(), database: database.load() })
  for (const { watch } of options.observers ?? []) watch?.(readLoad)
  return { port: server.port, ready, stop: (options) => server.stop(options).then(database.end) }
}
