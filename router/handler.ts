import type { Context } from 'hono'
import type { Db } from '../handlers/database.ts'
import { cacheGroups, type Endpoint, invalidatedGroups, respond, targetOfList } from '../handlers/endpoint.ts'
import { Failure } from '../handlers/failure.ts'
import { Mutation } from '../handlers/mutation.ts'
import { errorResponse, response, responseFormat, textPlain, withCommonHeaders } from './response.ts'
import { identifyCart } from './cart.ts'
import { computeEtag, matchesEtag } from './etag.ts'
import { openIdempotent } from './idempotency.ts'
import { createInputReader, type InputSettings } from './input/input.ts'
import { identify } from './requestId.ts'
import { hasPrivateAnswers, takesCart } from './input/inputFields.ts'
import { baseReader } from './routes.ts'

/** The database of a request. */
export type RequestDb = (c: Context) => Db

/** Reads of a database with replicas that see a write, by the token that the answer to the write had. */
export type Consistency = {
  /** A database whose reads see at least what had been written when the token was issued; any other text is ignored. */
  readonly readAt: (token: string) => Db
  /** A token for all that has been written so far; undefined while the primary cannot be reached. */
  readonly currentToken: () => Promise<string | undefined>
}

/**
 * Creates the handler of an endpoint's requests. Cacheable answers have `Cache-Groups`, and answers to writes have
 * `Cache-Group-Invalidation` (RFC 9875) and, with replicas, the `Consistency-Token` that reads send to see the write. A
 * 201 has the id of what was added, and under the base path of the request the `Location` of the list that shows it.
 * Rejects with the error that the endpoint or the database throws.
 */
export const createHandler = (
  endpoint: Endpoint,
  dbOf: RequestDb,
  consistency?: Consistency,
  settings?: InputSettings,
) => {
  const { status } = endpoint
  const readInput = createInputReader(endpoint, settings)
  const hasCart = takesCart(endpoint)
  const isPrivate = hasPrivateAnswers(endpoint)
  const errorHeaders = isPrivate ? privateHeaders : undefined
  const isWrite = endpoint.method !== 'get'
  const isRead = isSharedRead(endpoint)
  const isCacheable = endpoint.cache !== undefined && isRead
  const readBase = baseReader(endpoint.path)
  const headers = successHeaders(endpoint)

  const readResponse = (c: Context, text: string, input: unknown): Response => {
    const etag = computeEtag(text)
    const ifNoneMatch = c.req.header('if-none-match')
    if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag))
      return response(c.req.raw, 304, null, { ETag: etag })
    const readHeaders = identify(c.req.raw, { ...headers })
    readHeaders.ETag = etag
    if (isCacheable) readHeaders['Cache-Groups'] = formatList(cacheGroups(endpoint, input))
    return new Response(text, { headers: readHeaders })
  }

  // The proxy keeps tokens of what all callers share, and none of private answers.
  const chooseDb = (c: Context): Db => {
    const token = consistency && !isPrivate ? c.req.header('consistency-token') : undefined
    return consistency && token !== undefined ? consistency.readAt(token) : dbOf(c)
  }

  return async (c: Context): Promise<Response> => {
    const caller = hasCart ? await identifyCart(c) : undefined
    if (caller instanceof Failure) return errorResponse(c.req.raw, caller, privateHeaders)
    const read = readInput(c, caller?.cart)
    const input = read instanceof Promise ? await read : read
    if (input instanceof Failure) return errorResponse(c.req.raw, input, errorHeaders)
    const key = isWrite ? c.req.header('idempotency-key') : undefined
    const once = key === undefined ? undefined : await openIdempotent(c, key, endpoint, dbOf(c), input)
    if (once instanceof Failure) return errorResponse(c.req.raw, once, errorHeaders)
    const result = await respond(endpoint, once?.db ?? chooseDb(c), input)
    const replayed: Record<string, string> = once?.isReplay() ? { 'Idempotent-Replayed': 'true' } : {}
    if (result instanceof Failure) return errorResponse(c.req.raw, result, { ...errorHeaders, ...replayed })
    const isMutation = result instanceof Mutation
    if (isRead && !isMutation) return readResponse(c, result, input)
    if (endpoint.method === 'get' && !isMutation) {
      return new Response(result, { status, headers: identify(c.req.raw, { ...headers }) })
    }
    const writeHeaders = identify(c.req.raw, { ...headers, ...replayed })
    const groups = invalidatedGroups(endpoint, isMutation ? result.row : input)
    if (groups.length > 0) {
      writeHeaders['Cache-Group-Invalidation'] = formatList(groups)
      const token = consistency && (await consistency.currentToken())
      if (token !== undefined) writeHeaders['Consistency-Token'] = token
    }
    if (isMutation && result.row.created_id !== undefined) {
      writeHeaders['X-Resource-Id'] = String(result.row.created_id)
      const target = targetOfList(endpoint, result.row)
      if (target !== undefined) writeHeaders.Location = readBase(c.req.path) + target
    }
    if (caller?.cookie !== undefined) writeHeaders['Set-Cookie'] = caller.cookie
    const body = isMutation ? (result.answer as 'Created' | undefined) : result
    return new Response(body, { status, headers: writeHeaders })
  }
}

/** True for a read whose answer is the same for all callers. */
export const isSharedRead = (endpoint: Endpoint): boolean => endpoint.method === 'get' && !hasPrivateAnswers(endpoint)

/** The headers that all successes of an endpoint have; an empty one differs by answer. */
export const successHeaders = (endpoint: Endpoint): Readonly<Record<string, string>> =>
  withCommonHeaders({
    ...contentTypes[responseFormat(endpoint)],
    // Reserved here: copying an object that has all its keys is 20 times as fast as adding one to the copy.
    'X-Request-Id': '',
    ...(hasPrivateAnswers(endpoint) ? privateHeaders : {}),
    ...(isSharedRead(endpoint) ? { ETag: '' } : {}),
    ...(isSharedRead(endpoint) && endpoint.cache !== undefined ? { 'Cache-Groups': '' } : {}),
  })

const contentTypes = { empty: {}, text: { 'Content-Type': textPlain }, json: { 'Content-Type': 'application/json' } }

/** Formats a list of strings as a structured field (RFC 9651). */
const formatList = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

const privateHeaders = { 'Cache-Control': 'no-store' }
