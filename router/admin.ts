import { type Context, Hono } from 'hono'
import type { Db } from '../handlers/database.ts'
import { httpFailures } from '../handlers/failure.ts'
import { readToken, sha256 } from './cart.ts'
import { errorResponse } from './response.ts'

/** Adds routes of its own to an app. */
export type AddRoutes = (app: Hono) => void

/**
 * The needs of the endpoints for the admin: the token that their callers send, and a database that they may change.
 * `addPage` serves their page.
 */
export type AdminAccess = { readonly token: string; readonly db: Db; readonly addPage?: AddRoutes }

/** The header by which a balancer marks the requests of its public server. A client that sends it locks itself out. */
export const publicHeader = 'Atelierx-Public'

/**
 * An app that answers marked requests as the public one and all others as the whole one. The mark decides, not the
 * path, which a balancer may read differently.
 */
export const openToPublic = (publicApp: Hono, wholeApp: Hono): Hono => {
  const app = new Hono()
  app.all('*', (c) => {
    const isPublic = c.req.header(publicHeader) !== undefined
    return (isPublic ? publicApp : wholeApp).fetch(c.req.raw, c.env)
  })
  return app
}

/** A handler that answers 401 to a request without the admin token. */
export const checkToken = (token: string, handle: (c: Context) => Promise<Response>) => {
  const expected = sha256(token)
  return async (c: Context): Promise<Response> => {
    const sent = readToken(c.req.header('authorization'))
    if (sent !== undefined && isEqual(await sha256(sent), await expected)) return handle(c)
    return errorResponse(c.req.raw, httpFailures.wrongToken)
  }
}

/** Compares two hashes in a time that does not depend on where they differ. */
const isEqual = (one: string, other: string): boolean => {
  let difference = one.length ^ other.length
  for (let index = 0; index < other.length; index += 1) difference |= one.charCodeAt(index) ^ other.charCodeAt(index)
  return difference === 0
}
