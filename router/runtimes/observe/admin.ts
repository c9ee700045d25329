import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '../../../db/commandLine.ts'
import type { Address } from '../http/listen.ts'

/** The answers of an admin server. */
export type AdminSource = {
  /** Metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>
  readonly ready: () => Promise<boolean>
}

export type AdminServer = { readonly port: number; readonly stop: () => void }

/**
 * The address in `ATELIER_ADMIN_PORT`, a port of loopback or `host:port`; undefined if it is not set. Throws a
 * `UserError` for any other text.
 */
export const readAdminAddress = ({ ATELIER_ADMIN_PORT: text }: NodeJS.ProcessEnv): Address | undefined => {
  if (!text) return undefined
  const [, host = '127.0.0.1', port] = /^(?:(\[[\da-f:]+\]|[\w.-]+):)?(\d{1,5})$/i.exec(text) ?? []
  if (port === undefined || Number(port) > 65_535) {
    throw new UserError(
      `ATELIER_ADMIN_PORT is ${text}: set it to a port of 127.0.0.1, or to an address as 10.0.0.1:9464.`,
    )
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** The text that `readAdminAddress` reads. */
export const formatAdminAddress = ({ host, port }: Address): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/**
 * Serves `/metrics`, `/livez` and `/readyz` to operators. Rejects with a `UserError` if it cannot listen.
 */
export const serveAdmin = async (address: Address, { metrics, ready }: AdminSource): Promise<AdminServer> => {
  const answer = async (url = ''): Promise<readonly [status: number, body: string]> => {
    const path = url.replace(/\?.*/, '')
    if (path === '/metrics') return [200, await metrics()]
    if (path === '/livez') return [200, 'ok']
    if (path === '/readyz') return (await ready().catch(() => false)) ? [200, 'ok'] : [503, 'not ready']
    return [404, 'There are /metrics, /livez and /readyz.']
  }
  const server = createServer(({ url }, response) => {
    void answer(url)
      .catch((error: unknown) => [503, String(error)] as const)
      .then(([status, body]) => response.writeHead(status, { 'Content-Type': prometheusType }).end(body))
  })
  await new Promise<void>((resolve, reject) => {
    const fail = ({ code }: NodeJS.ErrnoException) =>
      reject(new UserError(`ATELIER_ADMIN_PORT is ${formatAdminAddress(address)} (${code}): set it to a free port.`))
    server.once('error', fail).listen(address, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

const prometheusType = 'text/plain; version=0.0.4; charset=utf-8'
