// Cloudflare Workers: `export default createWorker(endpoints)` serves the API, on PostgreSQL behind Hyperdrive.
// One app serves all requests, on a connection each: Workers close a connection with the request that opened it.
import type { ExecutionContext } from 'hono'
import { connectOnce } from '../../db/connectOnce.ts'
import { throughPgBouncer } from '../../db/pool/pgBouncer.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { createApp } from '../app.ts'

type Env = { readonly HYPERDRIVE: { readonly connectionString: string } }

/** Creates a Worker with the binding `HYPERDRIVE` and the flag `nodejs_compat`. */
export const createWorker = (endpoints: Readonly<Record<string, Endpoint>>) => {
  const app = createApp(endpoints, ({ env }) => env.db, { ready: ({ env }) => env.ready() })
  const fetch = async (request: Request, { HYPERDRIVE }: Env, context: ExecutionContext): Promise<Response> => {
    const { end, ...database } = connectOnce(throughPgBouncer(HYPERDRIVE.connectionString))
    return Promise.resolve(app.fetch(request, database, context)).finally(() => context.waitUntil(end()))
  }
  return { fetch }
}
