import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { limitConcurrency, type ServerLoad } from './admission.ts'
import { unhandledErrorResponse, handleClientErrors } from './clientErrors.ts'
import { identifyRequests } from '../observe/identifyRequests.ts'
import { type Observer, observeResponses } from '../observe/observer.ts'
import { writeInOnePiece } from './writeInOnePiece.ts'
import { routeByTarget } from './target.ts'

/** The address that a server listens at; port 0 is any free one. */
export type Address = { readonly host: string; readonly port: number }

// As many as a process answers in a fraction of a second, and more than clients have been seen to send at once.
export const defaultMaxConcurrent = 1280
// Connections wait here while the process is busy; a client that finds it full retries after a second or more.
const backlog = 4096

const serverOptions = {
  // Longer than a proxy's, which would else send a request on a connection that is closing.
  keepAliveTimeout: 75_000,
  // A request arrives within 15 s or is refused: timeouts are checked once an interval.
  headersTimeout: 10_000,
  requestTimeout: 12_000,
  connectionsCheckingInterval: 1_000,
  // `routeByTarget` makes such a request fail, so that it is answered as others are.
  requireHostHeader: false,
}

/** The time in which a stopping server still accepts connections, and then the time that open requests have. */
export type ShutdownOptions = { readonly drainMs?: number; readonly closeMs?: number }

/** A listening server. `stop` answers open requests, with `Connection: close`, and resolves when all is closed. */
export type ServerHandle = { readonly port: number; readonly stop: (options?: ShutdownOptions) => Promise<void> }

/** The state of a server that its app reads. */
export type ServerState = { readonly isStopping: boolean }

export type ListenOptions = {
  readonly maxConcurrent?: number
  readonly onResponse?: Observer['onResponse'] | undefined
}

/** Serves an app over HTTP, up to `maxConcurrent` requests at once. Rejects with Node's error if it cannot listen. */
export const listen = async (
  makeApp: (state: ServerState) => Hono,
  { host, port }: Address,
  { maxConcurrent = defaultMaxConcurrent, onResponse }: ListenOptions = {},
): Promise<ServerHandle & { readonly load: () => ServerLoad }> => {
  const state = { isStopping: false }
  const app = makeApp(state)
  const admit = limitConcurrency((request, env: object) => app.fetch(request, env), maxConcurrent)
  const listener = getRequestListener(
    async (request, env) => {
      const response = await admit(request, env)
      if (state.isStopping) (env as HttpBindings).outgoing.shouldKeepAlive = false
      return response
    },
    { errorHandler: unhandledErrorResponse },
  )
  const server = createServer(serverOptions, (request, response) => void listener(request, response))
  if (onResponse) observeResponses(server, onResponse)
  else writeInOnePiece(server)
  routeByTarget(server)
  identifyRequests(server)
  handleClientErrors(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host, backlog }, resolve)
  })
  let stopped: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    load: admit.load,
    stop: (options) => {
      state.isStopping = true
      return (stopped ??= close(server, options))
    },
  }
}

const close = async (server: Server, { drainMs = 1000, closeMs = 10_000 }: ShutdownOptions = {}): Promise<void> => {
  await setTimeout(drainMs)
  const closed = new Promise((resolve) => {
    server.close(resolve)
  })
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const isClosed = await Promise.race([closed.then(() => true), setTimeout(closeMs, false, { ref: false })])
  clearInterval(sweep)
  if (!isClosed) server.closeAllConnections()
}
