import { once } from 'node:events'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { openDatabase } from '../db/open.ts'
import { interrupted, main, unlessInterrupted, UserError } from '../db/commandLine.ts'
import { readReplicaUrls } from '../db/urls.ts'
import { serveCluster } from '../router/runtimes/http/cluster.ts'
import type { Address } from '../router/runtimes/http/listen.ts'
import { type Moderation, readModeration } from '../router/runtimes/moderation.ts'
import { readAdminAddress } from '../router/runtimes/observe/admin.ts'
import { type LogOptions, readLogOptions } from '../router/runtimes/observe/logOptions.ts'
import { type ObservedHandle, serveObserved } from '../router/runtimes/observe/serveObserved.ts'
import { fillIfEmpty, updatePictureUrls } from './demo.ts'

type Settings = {
  readonly host: string
  readonly port: number
  readonly readUrls: readonly string[]
  readonly workers: number
  /** The time for clients to disconnect after a signal. */
  readonly drainMs: number
  /** The address of the admin server; without it, there are no metrics. */
  readonly admin: Address | undefined
  readonly logOptions: LogOptions
  readonly moderation: Moderation
  /** True if `PORT` is unset: another port is taken if this one is in use. */
  readonly takesOtherPort: boolean
  /** True fills an empty database with the demo set. */
  readonly demo: boolean
}

const readSettings = (env: NodeJS.ProcessEnv): Settings => {
  const isProduction = env.NODE_ENV === 'production'
  const { HOST = '127.0.0.1' } = env
  const PORT = env.PORT || '3000'
  const { ATELIER_WORKERS = isProduction ? String(availableParallelism()) : '1' } = env
  const { ATELIER_DRAIN_MS = isProduction ? '5000' : '0' } = env
  if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) {
    throw new UserError(`PORT is ${PORT}: set it to a number from 0 (any free port) to 65535.`)
  }
  if (!/^[1-9]\d{0,2}$/.test(ATELIER_WORKERS)) {
    throw new UserError(`ATELIER_WORKERS is ${ATELIER_WORKERS}: set it to a number of processes, from 1 to 999.`)
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
    admin: readAdminAddress(env),
    logOptions: readLogOptions(env),
    moderation: readModeration(env),
    takesOtherPort: !isProduction && !env.PORT,
    demo: !isProduction,
  }
}

/** The port, or the next free one if another may be taken. Rejects with a `UserError` before the database is opened. */
const findPort = async (host: string, port: number, takesOtherPort: boolean): Promise<number> => {
  const probe = createServer().listen(port, host)
  const error = await once(probe, 'listening').then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  )
  if (error) {
    if (error.code !== 'EADDRINUSE')
      throw new UserError(`The API cannot listen on ${host}:${port} (${error.code}): correct HOST and PORT.`)
    if (takesOtherPort && port < 3100) return findPort(host, port + 1, takesOtherPort)
    throw new UserError(`Port ${port} is taken: stop what listens on it, or set PORT to another.`)
  }
  probe.close()
  await once(probe, 'close')
  return port
}

const formatUrl = (host: string, port: number): string => {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

const serve = async (settings: Settings): Promise<void> => {
  const { host, readUrls, workers, drainMs, admin, logOptions, moderation, demo, takesOtherPort } = settings
  const database = await unlessInterrupted(openDatabase())
  try {
    if (demo) await unlessInterrupted(fillIfEmpty(database.url, formatUrl(host, settings.port || 3000)))
    const listenOn = (port: number): Promise<ObservedHandle> => {
      const options = { url: database.url, readUrls, host, port, admin, logOptions, moderation }
      const server = workers === 1 ? serveObserved(options) : serveCluster(workers, options)
      return server.catch((error: NodeJS.ErrnoException) => {
        // Another process took the port after the check.
        if (error.code === 'EADDRINUSE' && takesOtherPort)
          return findPort(host, port + 1, takesOtherPort).then(listenOn)
        throw error
      })
    }
    const server = await listenOn(settings.port)
    const url = formatUrl(host, server.port)
    if (demo) await updatePictureUrls(database.url, url)
    if (takesOtherPort && server.port !== 3000)
      console.log(`Port 3000 is taken: set PORT to choose another than ${server.port}.`)
    console.log(`
The API answers at ${url}

  ${url}/docs   its endpoints, to try in a browser
${moderation.token === undefined ? '' : `  ${url}/admin  the queue of moderators\n`}  curl ${url}/products/1
  curl '${url}/reviews/meta?product_id=1'
${admin && server.adminPort ? `  curl ${formatUrl(admin.host, server.adminPort)}/metrics\n` : ''}
Ctrl-C ends it.`)
    await interrupted()
    await server.stop({ drainMs })
  } finally {
    await database.close()
  }
}

await main(async () => {
  const settings = readSettings(process.env)
  await serve({ ...settings, port: await findPort(settings.host, settings.port, settings.takesOtherPort) })
})
// An interrupted task may still hold timers and sockets.
process.exit()
