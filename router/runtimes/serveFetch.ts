import { setTimeout } from 'node:timers/promises'
import { limitConcurrency } from './http/admission.ts'
import { connectApi, type FetchServerOptions } from './connectApi.ts'
import { defaultMaxConcurrent, type ServerHandle } from './http/listen.ts'

type Fetch = (request: Request) => Promise<Response>
/** The server of a runtime; `close` resolves when open requests are answered. */
type Listening = { readonly port: number; readonly close: () => Promise<unknown> }

/** Serves the API by the server of a runtime, which calls a function with each request. */
export const serveFetch = (options: FetchServerOptions, start: (fetch: Fetch) => Listening): ServerHandle => {
  const { makeApp, database } = connectApi(options)
  const state = { isStopping: false }
  const app = makeApp(state)
  const admit = limitConcurrency((request) => app.fetch(request), defaultMaxConcurrent)
  const { port, close } = start((request) => admit(request, undefined))
  const stop: ServerHandle['stop'] = async ({ drainMs = 1000, closeMs = 10_000 } = {}) => {
    state.isStopping = true
    await setTimeout(drainMs)
    await Promise.race([close(), setTimeout(closeMs, undefined, { ref: false })])
    await database.end()
  }
  return { port, stop }
}
