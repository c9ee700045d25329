import type { Context } from 'hono'
import type { Db } from '../handlers/database.ts'
import { type Endpoint, respond } from '../handlers/endpoint.ts'
import { Failure } from '../handlers/failure.ts'
import { headersWith, refuse, textPlain } from './answer.ts'
import { cartOf } from './cart.ts'
import { inputReader } from './input.ts'

/** Answers a request with what an endpoint answers its input. Rejects with what the endpoint or the database throws. */
export const handlerOf = (endpoint: Endpoint, db: Db) => {
  const { status } = endpoint
  const readInput = inputReader(endpoint)
  const takesCart = 'cart' in endpoint.input.shape
  const headers = headersWith({
    ...(status === 200 ? { 'Content-Type': 'application/json' } : status === 201 ? { 'Content-Type': textPlain } : {}),
    ...(takesCart ? own : {}),
  })

  return async (c: Context): Promise<Response> => {
    const caller = takesCart ? await cartOf(c) : undefined
    const input = await readInput(c, caller?.cart)
    const given = input instanceof Failure ? input : await respond(endpoint, db, input)
    if (given instanceof Failure) return refuse(c.req.raw, given, caller && own)
    const setsCookie = endpoint.method === 'post' && caller?.cookie
    // Made once, and not for each answer: most have no others.
    return new Response(given, { status, headers: setsCookie ? { ...headers, 'Set-Cookie': setsCookie } : headers })
  }
}

/** Of answers that are the caller's own: no cache may hand them to another. */
const own = { 'Cache-Control': 'no-store' }
