import type { Context } from 'hono'
import type { Db } from '../handlers/database.ts'
import { cacheGroups, type Endpoint, invalidatedGroups, respond } from '../handlers/endpoint.ts'
import { Failure } from '../handlers/failure.ts'
import { Mutation } from '../handlers/mutation.ts'
import { answer, headersWith, refuse, textPlain } from './response.ts'
import { cartOf } from './cart.ts'
import { etagOf, isKept } from './etag.ts'
import { inputReader } from './input.ts'
import { formOf, takesCart } from './inputFields.ts'

/** The replicas that read for a database. */
export type Replicas = {
  /** The database for a read that needs no more of what was written lately than what is in the log up to there. */
  readonly after: (lsn: string) => Db
  /** How far the log has to be read to see all that was written until now, unless that cannot be learnt. */
  readonly written: () => Promise<string | undefined>
}

/**
 * Answers a request with what an endpoint answers its input. `Cache-Groups` stands on what a shared cache may keep, and
 * `Cache-Group-Invalidation` on the answer to a write (RFC 9875); with replicas, a write also has the `Consistency-Token`
 * that a read of it has to bring. Rejects with what the endpoint or the database throws.
 */
export const handlerOf = (endpoint: Endpoint, db: Db, replicas?: Replicas) => {
  const { status } = endpoint
  const readInput = inputReader(endpoint)
  const isOwn = takesCart(endpoint)
  const isRead = endpoint.method === 'get' && !isOwn
  const isCacheable = endpoint.cache !== undefined && isRead
  const headers = headersWith({
    ...contentTypes[formOf(endpoint)],
    // Places are kept for both: a copy that has all its keys is made 20 times as fast as one that gets another.
    ...(isOwn ? own : isRead ? { ETag: '' } : {}),
    ...(isCacheable ? { 'Cache-Groups': '' } : {}),
  })

  const answerWith = (c: Context, text: string, input: unknown): Response => {
    const etag = etagOf(text)
    const known = c.req.header('if-none-match')
    if (known !== undefined && isKept(known, etag)) return answer(304, null, { ETag: etag })
    const more = { ...headers }
    more.ETag = etag
    if (isCacheable) more['Cache-Groups'] = listOf(cacheGroups(endpoint, input))
    return new Response(text, { headers: more })
  }

  // A proxy has the tokens of what all callers share, and not of what is a caller's own.
  const seenBy = (c: Context): Db => {
    const lsn = replicas && !isOwn ? c.req.header('consistency-token') : undefined
    return replicas && lsn !== undefined ? replicas.after(lsn) : db
  }

  return async (c: Context): Promise<Response> => {
    const caller = isOwn ? await cartOf(c) : undefined
    if (caller instanceof Failure) return refuse(c.req.raw, caller, own)
    const read = readInput(c, caller?.cart)
    const input = read instanceof Promise ? await read : read
    const given = input instanceof Failure ? input : await respond(endpoint, seenBy(c), input)
    if (given instanceof Failure) return refuse(c.req.raw, given, caller && own)
    const isMutation = given instanceof Mutation
    if (isRead && !isMutation) return answerWith(c, given, input)
    if (endpoint.method === 'get' && !isMutation) return new Response(given, { status, headers })
    const more: Record<string, string> = { ...headers }
    const groups = invalidatedGroups(endpoint, isMutation ? given.row : input)
    if (groups.length > 0) {
      more['Cache-Group-Invalidation'] = listOf(groups)
      const lsn = replicas && (await replicas.written())
      if (lsn !== undefined) more['Consistency-Token'] = lsn
    }
    if (caller?.cookie !== undefined) more['Set-Cookie'] = caller.cookie
    return new Response(isMutation ? (given.answer as 'Created' | undefined) : given, { status, headers: more })
  }
}

const contentTypes = { none: {}, text: { 'Content-Type': textPlain }, json: { 'Content-Type': 'application/json' } }

/** A list of strings as structured fields have it (RFC 9651). */
const listOf = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

/** Of answers that are the caller's own: no cache may hand them to another. */
const own = { 'Cache-Control': 'no-store' }
