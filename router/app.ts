import { type Context, Hono } from 'hono'
import { type Db, Unavailable } from '../handlers/database.ts'
import { type Endpoint, isForAdmin, withoutAdmin } from '../handlers/endpoint.ts'
import { httpFailures } from '../handlers/failure.ts'
import { IdempotencyKeyReused } from '../handlers/idempotency.ts'
import { type AddRoutes, type AdminAccess, checkToken, openToPublic } from './admin.ts'
import { type Consistency, createHandler, type RequestDb } from './handler.ts'
import { type Incident, logIncident } from './incident.ts'
import type { InputSettings } from './input/input.ts'
import { buildDocument } from './openapi/document.ts'
import { errorResponse, methodNotAllowed, notApplied, redirect, response, textPlain } from './response.ts'
import { requestId } from './requestId.ts'
import { basePaths, methodsByPath, sortEndpoints } from './routes.ts'

export type AppOptions = {
  /** Receives each bug and each failure of the database, but not that it is busy; `logIncident` by default. */
  readonly log?: (incident: Incident) => void
  /** Resolves to false, or rejects, while requests cannot be answered; by default they always can. */
  readonly ready?: (c: Context) => Promise<boolean>
  /** Adds routes that a bundle for a browser or Worker is spared: `docs(readAsset)`, `addPictures`. */
  readonly routes?: readonly AddRoutes[]
  /** Receives the environment that the runtime passes with a request, and the id of the endpoint it is for. */
  readonly onOperation?: ((env: unknown, operation: string) => void) | undefined
  /** Reads from replicas by consistency token; without it, all reads are from `db`. */
  readonly consistency?: Consistency | undefined
  /** Serves the endpoints for the admin; without it, the API is as if it had none. */
  readonly admin?: AdminAccess | undefined
  readonly settings?: InputSettings | undefined
}

/**
 * Creates the web API of endpoints: their routes under each base path, the document and its page, and probes. The
 * database may be one for each request, for runtimes that close a connection with the request that opened it.
 */
export const createApp = (
  endpoints: Readonly<Record<string, Endpoint>>,
  db: Db | RequestDb,
  { admin, ...options }: AppOptions = {},
): Hono => {
  const publicApp = buildApp(withoutAdmin(endpoints), db, options)
  return admin ? openToPublic(publicApp, buildApp(endpoints, db, { ...options, admin })) : publicApp
}

const buildApp = (
  endpoints: Readonly<Record<string, Endpoint>>,
  db: Db | RequestDb,
  { log = logIncident, ready = async () => true, routes = [], consistency, onOperation, admin, settings }: AppOptions,
): Hono => {
  const app = new Hono({ strict: false })
  const dbOf = typeof db === 'function' ? db : () => db

  const handleError = (c: Context, error: unknown): Response => {
    const request = c.req.raw
    if (error instanceof IdempotencyKeyReused) return errorResponse(request, httpFailures.idempotencyKeyReused)
    const isUnavailable = error instanceof Unavailable
    // A busy database shows in the answers; why it failed shows in the log alone.
    const isBusy = isUnavailable && error.cause === undefined
    if (!isBusy) log({ requestId: requestId(request), method: c.req.method, path: c.req.path, error })
    if (!isUnavailable) return errorResponse(request, httpFailures.serverFault)
    return errorResponse(request, httpFailures.unavailable, isBusy ? notApplied : {})
  }
  // Hono's `onError` gets instances of `Error` alone, and anything can be thrown.
  const carryOut = (operation: string, handle: (c: Context) => Promise<Response>) => (c: Context) => {
    onOperation?.(c.env, operation)
    return handle(c).catch((error: unknown) => handleError(c, error))
  }

  const names = new Map(Object.entries(endpoints).map(([name, endpoint]) => [endpoint, name]))
  for (const endpoint of sortEndpoints(endpoints)) {
    const paths = basePaths.map((base) => base + endpoint.path)
    const isAdmins = admin !== undefined && isForAdmin(endpoint)
    const handle = createHandler(endpoint, isAdmins ? () => admin.db : dbOf, consistency, settings)
    const operation = carryOut(names.get(endpoint) ?? '', isAdmins ? checkToken(admin.token, handle) : handle)
    app.on(endpoint.method, paths, operation)
  }

  app.get('/livez', ({ req }) => response(req.raw, 200, 'ok', probeHeaders))
  app.get('/readyz', async (c) => {
    const isReady = await ready(c).catch(() => false)
    if (!isReady) return errorResponse(c.req.raw, httpFailures.unavailable)
    return response(c.req.raw, 200, 'ok', probeHeaders)
  })

  // Built when it is asked for: a Lambda starts faster, and a Worker may make no ids while it starts.
  let document: string | undefined
  const hasReplicas = consistency !== undefined
  const readDocument = () => (document ??= JSON.stringify(buildDocument(endpoints, { hasReplicas })))
  // Clients look for it under their base path.
  const documentPaths = basePaths.map((base) => `${base}/openapi.json`)
  app.on('GET', documentPaths, ({ req }) =>
    response(req.raw, 200, readDocument(), { 'Content-Type': 'application/json' }),
  )
  for (const add of [...routes, ...(admin?.addPage ? [admin.addPage] : [])]) add(app)
  // The first route of an address answers: these are for an app without `docs`.
  for (const path of ['/', '/docs']) app.get(path, ({ req }) => redirect(req.raw, '/openapi.json'))

  const allow = methodsByPath(app)
  const preflight = preflightHeaders(endpoints)
  app.options('*', ({ req }) => response(req.raw, 204, null, preflight))
  app.notFound(({ req }) => {
    const methods = allow(req.path)
    if (methods === '') return errorResponse(req.raw, httpFailures.unknownRoute)
    return methodNotAllowed(req.raw, methods)
  })
  app.onError((error, c) => handleError(c, error))
  return app
}

const probeHeaders = { 'Content-Type': textPlain, 'Cache-Control': 'no-store' }

const preflightHeaders = (endpoints: Readonly<Record<string, Endpoint>>) => ({
  'Access-Control-Allow-Methods': [...new Set(Object.values(endpoints).map(({ method }) => method.toUpperCase()))]
    .toSorted()
    .join(', '),
  // The asterisk allows all other headers, but not Authorization.
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, *',
  'Access-Control-Max-Age': '86400',
})
