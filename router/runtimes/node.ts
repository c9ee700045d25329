import { connect } from '../../db/connect.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints as allEndpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { readAsset } from './assets.ts'
import { type Address, listen, type ServerHandle } from './listen.ts'

/** The address of a server, its database and read replicas, and its endpoints: by default all of this API. */
export type ServerOptions = Address & {
  readonly url: string
  readonly readUrls?: readonly string[]
  readonly endpoints?: Readonly<Record<string, Endpoint>>
}

/** Serves the API over HTTP. Rejects with Node's error if it cannot listen. */
export const serveNode = async ({
  url,
  readUrls = [],
  endpoints = allEndpoints,
  ...address
}: ServerOptions): Promise<ServerHandle> => {
  const { db, replicas, ready, end } = connect(url, { readUrls })
  const options = { asset: readAsset, consistency: replicas, pictures: process.env.NODE_ENV !== 'production' }
  const { port, stop } = await listen(
    (state) => createApp(endpoints, db, { ...options, ready: async () => !state.isStopping && (await ready()) }),
    address,
  )
  return { port, stop: (options) => stop(options).then(end) }
}
