import { type Context, Hono } from 'hono'
import { type Db, Unavailable } from '../handlers/database.ts'
import type { Endpoint } from '../handlers/endpoint.ts'
import { methodsByPath } from './allow.ts'
import { answer, notApplied, refuse, requestId, retryLater, textPlain } from './response.ts'
import { addDocs, type ReadAsset } from './docs.ts'
import { handlerOf, type Replicas } from './handler.ts'
import { type Incident, logIncident } from './incident.ts'
import { openapi } from './openapi/document.ts'
import { addPictures } from './pictures.ts'
import { bases, inOrder } from './routes.ts'
import { httpFailures } from '../handlers/failure.ts'

/** What an app needs of its surroundings, and does without where it is missing. */
export type Options = {
  /** Hears of each bug and of a database that is away; `logIncident`, otherwise. */
  readonly log?: (incident: Incident) => void
  /** Whether requests can be answered now; always, otherwise. */
  readonly ready?: () => Promise<boolean>
  /** Reads a file of Swagger UI; without it, `/docs` leads to the document that it would show. */
  readonly asset?: ReadAsset
  /** Whether the pictures of the demo shop are served; they are not, otherwise. */
  readonly pictures?: boolean
  /** Replicas that the database reads from; there are none, otherwise. */
  readonly replicas?: Replicas | undefined
}

/** The web API of endpoints: their routes under each base path, the document and the page that describe them, and probes. */
export const createApp = (endpoints: Readonly<Record<string, Endpoint>>, db: Db, options: Options = {}): Hono => {
  const { log = logIncident, ready = async () => true, asset, replicas, pictures = false } = options
  const app = new Hono({ strict: false })

  const fail = (c: Context, error: unknown): Response => {
    const id = { 'X-Request-Id': requestId(c.req.raw) }
    const isUnavailable = error instanceof Unavailable
    // That the database is busy shows in the answers; what is wrong with it does not.
    const isBusy = isUnavailable && error.cause === undefined
    if (!isBusy) log({ requestId: id['X-Request-Id'], method: c.req.method, path: c.req.path, error })
    if (isUnavailable)
      return refuse(c.req.raw, httpFailures.unavailable, { ...id, ...(isBusy ? notApplied : retryLater) })
    return refuse(c.req.raw, httpFailures.serverFault, id)
  }
  // What is thrown need not be an `Error`, and Hono would let go of anything else.
  const guarded = (handle: (c: Context) => Promise<Response>) => (c: Context) =>
    handle(c).catch((error: unknown) => fail(c, error))

  for (const endpoint of inOrder(endpoints)) {
    const paths = bases.map((base) => base + endpoint.path)
    app.on(endpoint.method.toUpperCase(), paths, guarded(handlerOf(endpoint, db, replicas)))
  }

  app.get('/livez', () => answer(200, 'ok', probe))
  app.get('/readyz', async ({ req }) => {
    const isReady = await ready().catch(() => false)
    return isReady ? answer(200, 'ok', probe) : refuse(req.raw, httpFailures.unavailable, retryLater)
  })

  const document = JSON.stringify(openapi(endpoints))
  // A client finds it at whichever base path it was given.
  const documents = bases.map((base) => `${base}/openapi.json`)
  app.on('GET', documents, () => answer(200, document, { 'Content-Type': 'application/json' }))
  addDocs(app, asset)
  if (pictures) addPictures(app)

  const allow = methodsByPath(app)
  const preflight = preflightOf(endpoints)
  app.options('*', () => answer(204, null, preflight))
  app.notFound(({ req }) => {
    const methods = allow(req.path)
    if (methods === '') return refuse(req.raw, httpFailures.unknownRoute)
    return refuse(req.raw, httpFailures.methodNotAllowed, { Allow: methods })
  })
  app.onError((error, c) => fail(c, error))
  return app
}

const probe = { 'Content-Type': textPlain, 'Cache-Control': 'no-store' }

const preflightOf = (endpoints: Readonly<Record<string, Endpoint>>) => ({
  'Access-Control-Allow-Methods': [...new Set(Object.values(endpoints).map(({ method }) => method.toUpperCase()))]
    .toSorted()
    .join(', '),
  // The asterisk lets a browser send any other header too, as clients do; it does not stand for Authorization.
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, *',
  'Access-Control-Max-Age': '86400',
})
