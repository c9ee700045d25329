import { readUrlsOf } from '../../db/urls.ts'
import type { Patience } from './listen.ts'
import { serveNode } from './node.ts'

// One process of a cluster. It ends when its parent says so, or is gone: a Ctrl-C reaches both, and the parent decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

const { DATABASE_URL: url = '', HOST: host = '', PORT: port } = process.env
const server = await serveNode({ url, readUrls: readUrlsOf(process.env), host, port: Number(port) })

const stop = async (patience: Patience = {}): Promise<void> => {
  await server.stop(patience)
  process.exit()
}
process.on('message', (message: { stop: Patience }) => void stop(message.stop))
process.on('disconnect', () => void stop())
process.send?.({ port: server.port })
