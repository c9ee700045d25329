import { readReplicaUrls } from '../../../db/urls.ts'
import type { ShutdownOptions } from './listen.ts'
import { readModeration } from '../moderation.ts'
import { readAdminAddress } from '../observe/admin.ts'
import { readLogOptions } from '../observe/logOptions.ts'
import { serveObserved } from '../observe/serveObserved.ts'

// One process of a cluster. It ends when its parent tells it to or is gone; Ctrl-C reaches both, and the parent
// decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

const { DATABASE_URL: url = '', HOST: host = '', PORT: port } = process.env
const server = await serveObserved({
  url,
  readUrls: readReplicaUrls(process.env),
  host,
  port: Number(port),
  admin: readAdminAddress(process.env),
  logOptions: readLogOptions(process.env),
  moderation: readModeration(process.env),
})

const stop = async (options: ShutdownOptions = {}): Promise<void> => {
  await server.stop(options)
  process.exit()
}
process.on('message', ({ stop: options }: { stop?: ShutdownOptions }) => {
  if (options) void stop(options)
})
process.on('disconnect', () => void stop())
process.send?.({ port: server.port, adminPort: server.adminPort })
