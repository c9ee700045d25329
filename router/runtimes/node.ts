import { connect } from '../../db/connect.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints as all } from '../../handlers/index.ts'
import { createApp } from '../app.ts'
import { readAsset } from './assets.ts'
import { type Address, listen, type ServerHandle } from './listen.ts'

/** Where a server listens, the database that it serves, and replicas that read for it; `endpoints`, if not all that are here. */
export type Place = Address & {
  readonly url: string
  readonly readUrls?: readonly string[]
  readonly endpoints?: Readonly<Record<string, Endpoint>>
}

/** Serves the API over HTTP. Rejects with the error of Node where it cannot listen. */
export const serveNode = async ({ url, readUrls = [], endpoints = all, ...address }: Place): Promise<ServerHandle> => {
  const { db, replicas, ready, end } = connect(url, { readUrls })
  const options = { asset: readAsset, replicas, pictures: process.env.NODE_ENV !== 'production' }
  const { port, stop } = await listen(
    (state) => createApp(endpoints, db, { ...options, ready: async () => !state.isStopping && (await ready()) }),
    address,
  )
  return { port, stop: (options) => stop(options).then(end) }
}
