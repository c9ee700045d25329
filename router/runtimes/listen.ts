import { createServer, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { admitting } from './admission.ts'
import { refuseError, wordRefusals } from './clientErrors.ts'
import { writeInOnePiece } from './writeInOnePiece.ts'
import { routeByTarget } from './target.ts'

/** Where a server listens: at any free port, if `port` is 0. */
export type Address = { readonly host: string; readonly port: number }

// What a process answers in a fraction of a second, and more than the clients that were seen to ask at once.
const many = 1280
// Clients that connect while the process is busy wait here; one that finds no place tries again after a second or more.
const backlog = 4096

const times: ServerOptions = {
  // A proxy must be the first to let go of a connection, or it sends a request to one that is closing.
  keepAliveTimeout: 75_000,
  // A request is whole within 15 s, or is let go of: the times are looked at once in an interval.
  headersTimeout: 10_000,
  requestTimeout: 12_000,
  connectionsCheckingInterval: 1_000,
  // `routeByTarget` has it refused in words.
  requireHostHeader: false,
}

/** How long clients may take to move elsewhere before the server closes, and how long what is then under way may take. */
export type ShutdownOptions = { readonly drainMs?: number; readonly closeMs?: number }

/** A server that listens. `stop` answers what is under way, with `Connection: close`, and resolves when all is closed. */
export type ServerHandle = { readonly port: number; readonly stop: (options?: ShutdownOptions) => Promise<void> }

/** What an app can know of its server. */
export type State = { readonly isStopping: boolean }

/** Serves an app over HTTP, at most so many requests at once. Rejects with the error of Node where it cannot listen. */
export const listen = async (
  makeApp: (state: State) => Hono,
  { host, port }: Address,
  mostUnderWay = many,
): Promise<ServerHandle> => {
  const state = { isStopping: false }
  const app = makeApp(state)
  const admit = admitting((request) => app.fetch(request), mostUnderWay)
  const answer = getRequestListener(
    async (request, env) => {
      const response = await admit(request)
      if (state.isStopping) (env as HttpBindings).outgoing.shouldKeepAlive = false
      return response
    },
    { errorHandler: refuseError },
  )
  const server = createServer(times, (request, response) => void answer(request, response))
  writeInOnePiece(server)
  routeByTarget(server)
  wordRefusals(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host, backlog }, resolve)
  })
  let stopped: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
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
