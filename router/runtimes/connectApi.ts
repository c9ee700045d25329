import type { Hono } from 'hono'
import type { OnStatement } from '../../db/batch.ts'
import { connect } from '../../db/connect.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints as allEndpoints } from '../../handlers/index.ts'
import { addAdminPage } from '../pages/admin/index.ts'
import { type AppOptions, createApp } from '../app.ts'
import { docs } from '../pages/docs.ts'
import { addPictures } from '../pages/pictures.ts'
import { readAsset } from './assets.ts'
import type { Address, ServerState } from './http/listen.ts'
import type { Moderation } from './moderation.ts'
import { noteOperation, type Observer } from './observe/observer.ts'

/** The address of a server, its database, replicas and moderation, and its endpoints: by default all of this API. */
export type FetchServerOptions = Address & {
  readonly url: string
  readonly readUrls?: readonly string[]
  readonly endpoints?: Readonly<Record<string, Endpoint>>
  readonly moderation?: Moderation
}
export type ServerOptions = FetchServerOptions & {
  readonly observers?: readonly Observer[]
  readonly log?: AppOptions['log']
}

/** Connects to the database of a server; `makeApp` makes its app. */
export const connectApi = ({
  url,
  readUrls = [],
  endpoints = allEndpoints,
  observers = [],
  log,
  moderation: { token, url: adminUrl = url, reportsToHide } = {},
}: ServerOptions) => {
  const onStatement: OnStatement = (...args) => {
    for (const observer of observers) observer.onStatement?.(...args)
  }
  const onResponse: Observer['onResponse'] = (exchange) => {
    for (const observer of observers) observer.onResponse(exchange)
  }
  const isObserved = observers.length > 0
  const publicDatabase = connect(url, { readUrls, ...(isObserved && { onStatement }) })
  // Never a replica, which may lag: moderators see at once what they did.
  const adminDatabase = token === undefined ? undefined : connect(adminUrl)
  const end = async () => {
    await Promise.all([publicDatabase.end(), adminDatabase?.end()])
  }
  const database = { ...publicDatabase, end }
  const options = {
    routes: [docs(readAsset), ...(process.env.NODE_ENV === 'production' ? [] : [addPictures])],
    consistency: database.replicas,
    ...(log && { log }),
    admin: token !== undefined && adminDatabase ? { token, db: adminDatabase.db, addPage: addAdminPage } : undefined,
    settings: { reportsToHide },
    onOperation: isObserved ? noteOperation : undefined,
  }
  let state: ServerState = { isStopping: true }
  const ready = async () => !state.isStopping && (await database.ready())
  const makeApp = (serverState: ServerState): Hono => {
    state = serverState
    return createApp(endpoints, database.db, { ...options, ready })
  }
  return { makeApp, database, ready, onResponse: isObserved ? onResponse : undefined }
}
