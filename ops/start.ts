import { once } from 'node:events'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { openDatabase } from '../db/open.ts'
import { interrupted, main, unlessInterrupted, UserError } from '../db/commandLine.ts'
import { readReplicaUrls } from '../db/urls.ts'
import { serveCluster } from '../router/runtimes/cluster.ts'
import type { ServerHandle } from '../router/runtimes/listen.ts'
import { serveNode } from '../router/runtimes/node.ts'
import { fillIfEmpty, showPictures } from './demo.ts'

type Settings = {
  readonly host: string
  readonly port: number
  readonly readUrls: readonly string[]
  readonly workers: number
  /** How long clients are still answered after the end was asked for. */
  readonly drainMs: number
  /** Whether another port will do, as nobody has named one. */
  readonly mayMove: boolean
  /** Whether an empty database is filled. */
  readonly demo: boolean
}

const settings = (env: NodeJS.ProcessEnv): Settings => {
  const isProduction = env.NODE_ENV === 'production'
  const { HOST = '127.0.0.1' } = env
  const PORT = env.PORT || '3000'
  const { ATELIER_WORKERS = isProduction ? String(availableParallelism()) : '1' } = env
  const { ATELIER_DRAIN_MS = isProduction ? '5000' : '0' } = env
  if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) {
    throw new UserError(`PORT is ${PORT}: set it to a number from 0 (any free port) to 65535.`)
  }
  if (!/^[1-9]\d{0,2}$/.test(ATELIER_WORKERS)) {
    throw new UserError(
      `ATELIER_WORKERS is ${ATELIER_WORKERS}: set it to how many processes shall serve, from 1 to 999.`,
    )
  }
  if (!/^\d{1,5}$/.test(ATELIER_DRAIN_MS)) {
    throw new UserError(`ATELIER_DRAIN_MS is ${ATELIER_DRAIN_MS}: set it to milliseconds, from 0 to 99999.`)
  }
  return {
    host: HOST,
    port: Number(PORT),
    readUrls: readReplicaUrls(env),
    workers: Number(ATELIER_WORKERS),
    drainMs: Number(ATELIER_DRAIN_MS),
    mayMove: !isProduction && !env.PORT,
    demo: !isProduction,
  }
}

/** The port that is to be listened at, or a free one behind it if it may be another. Fails before the database is touched. */
const freePort = async (host: string, port: number, mayMove: boolean): Promise<number> => {
  const probe = createServer().listen(port, host)
  const error = await once(probe, 'listening').then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  )
  if (error) {
    if (error.code !== 'EADDRINUSE')
      throw new UserError(`The API cannot listen on ${host}:${port} (${error.code}): correct HOST and PORT.`)
    if (mayMove && port < 3100) return freePort(host, port + 1, mayMove)
    throw new UserError(`Port ${port} is taken: stop what listens on it, or set PORT to another.`)
  }
  probe.close()
  await once(probe, 'close')
  return port
}

const addressOf = (host: string, port: number): string => {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

const serve = async (settings: Settings): Promise<void> => {
  const { host, readUrls, workers, drainMs, demo, mayMove } = settings
  const database = await unlessInterrupted(openDatabase())
  try {
    if (demo) await unlessInterrupted(fillIfEmpty(database.url, addressOf(host, settings.port || 3000)))
    const listenAt = (port: number): Promise<ServerHandle> => {
      const where = { url: database.url, readUrls, host, port }
      const server = workers === 1 ? serveNode(where) : serveCluster(workers, where)
      return server.catch((error: NodeJS.ErrnoException) => {
        // Another start has been quicker.
        if (error.code === 'EADDRINUSE' && mayMove) return freePort(host, port + 1, mayMove).then(listenAt)
        throw error
      })
    }
    const server = await listenAt(settings.port)
    const url = addressOf(host, server.port)
    if (demo) await showPictures(database.url, url)
    if (mayMove && server.port !== 3000)
      console.log(`Port 3000 is taken: set PORT to choose another than ${server.port}.`)
    console.log(`
The API answers at ${url}

  ${url}/docs   what it can do, to be tried in a browser
  curl ${url}/products/1
  curl '${url}/reviews/meta?product_id=1'

Ctrl-C ends it.`)
    await interrupted()
    await server.stop({ drainMs })
  } finally {
    await database.close()
  }
}

await main(async () => {
  const given = settings(process.env)
  await serve({ ...given, port: await freePort(given.host, given.port, given.mayMove) })
})
// What was interrupted may still hold timers and sockets.
process.exit()
