import type { OnStatement } from '../../db/batch.ts'
import { connect } from '../../db/connect.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints as allEndpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { readAsset } from './assets.ts'
import { type Address, listen, type ServerHandle } from './listen.ts'
import { noteOperation, type Observer } from './observe/observer.ts'

/** The address of a server, its database and read replicas, its endpoints (by default all of this API), and observers. */
export type ServerOptions = Address & {
  readonly url: string
  readonly readUrls?: readonly string[]
  readonly endpoints?: Readonly<Record<string, Endpoint>>
  readonly observers?: readonly Observer[]
}

/** Serves the API over HTTP. Rejects with Node's error if it cannot listen. */
export const serveNode = async ({
  url,
  readUrls = [],
  endpoints = allEndpoints,
  observers = [],
  ...address
}: ServerOptions): Promise<ServerHandle & { readonly ready: () => Promise<boolean> }> => {
  const onStatement: OnStatement = (...args) => {
    for (const observer of observers) observer.onStatement?.(...args)
  }
  const onResponse: Observer['onResponse'] = (exchange) => {
    for (const observer of observers) observer.onResponse(exchange)
  }
  const isObserved = observers.length > 0
  const database = connect(url, { readUrls, ...(isObserved && { onStatement }) })
  const options = {
    asset: readAsset,
    consistency: database.replicas,
    pictures: process.env.NODE_ENV !== 'production',
    onOperation: isObserved ? noteOperation : undefined,
  }
  let isReady = async () => false
  const server = await listen(
    (state) => {
      isReady = async () => !state.isStopping && (await database.ready())
      return createApp(endpoints, database.db, { ...options, ready: isReady })
    },
    address,
    { onResponse: isObserved ? onResponse : undefined },
  )
  for (const { watch } of observers) watch?.(() => ({ server: server.load(), database: database.load() }))
  return { port: server.port, ready: isReady, stop: (options) => server.stop(options).then(database.end) }
}
