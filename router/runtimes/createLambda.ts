import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import type { Hono } from 'hono'
import { connectOnce } from '../../db/connectOnce.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { createApp } from '../app.ts'

/** Creates a handler of events, which connects to the database at the first one. */
export const createLambda = (endpoints: Readonly<Record<string, Endpoint>>) => {
  let answer: ReturnType<typeof handle> | undefined
  const start = () => {
    const url = process.env.DATABASE_URL
    if (!url) throw new Error('DATABASE_URL is not set: set it in the environment of the function.')
    const { db, ready } = connectOnce(url)
    const app = createApp(endpoints, db, { ready })
    return handle({ fetch: (request: Request) => app.fetch(withProtocol(request)) } as Hono)
  }
  return async (event: LambdaEvent, context?: LambdaContext) => {
    answer ??= start()
    const { stage, inner } = takeStage(event)
    return withStage(await answer(inner, context), stage)
  }
}

type Paths = {
  readonly path?: string
  readonly rawPath?: string
  readonly requestContext?: { readonly stage?: string; readonly path?: string }
}

/**
 * Takes the stage of API Gateway (`/prod`) off the path of an event. REST APIs have it in the path of the context
 * alone, HTTP APIs in both. The host becomes a fixed one: a client's `Host` could change the path.
 */
const takeStage = (event: LambdaEvent): { readonly stage: string; readonly inner: LambdaEvent } => {
  const { path, rawPath, requestContext } = event as Paths
  const asked = requestContext?.path ?? rawPath ?? ''
  const prefix = `/${requestContext?.stage ?? ''}`
  const stage = prefix !== '/' && `${asked}/`.startsWith(`${prefix}/`) ? prefix : ''
  const strip = (address: string) => (address === asked ? address.slice(stage.length) || '/' : address)
  const inner = {
    ...event,
    ...(path !== undefined && { path: strip(path) }),
    ...(rawPath !== undefined && { rawPath: strip(rawPath) }),
    requestContext: { ...requestContext, domainName: 'atelierx' },
  }
  return { stage, inner: inner as unknown as LambdaEvent }
}

/** The request by the protocol of its client: Hono always says https, and a cookie would not come back over http. */
const withProtocol = (request: Request): Request =>
  request.headers.get('x-forwarded-proto') === 'http'
    ? new Request(request.url.replace(/^https:/, 'http:'), request)
    : request

type Result = Awaited<ReturnType<ReturnType<typeof handle>>>

/** Puts the stage before the address that a redirect names. */
const withStage = (result: Result, stage: string): Result => {
  const { headers, multiValueHeaders } = result as { headers?: Headers; multiValueHeaders?: Headers }
  for (const each of [headers, multiValueHeaders]) {
    const [location] = [each?.location ?? []].flat()
    if (each && location?.startsWith('/')) each.location = each === headers ? stage + location : [stage + location]
  }
  return result
}
type Headers = Record<string, string | string[]>
