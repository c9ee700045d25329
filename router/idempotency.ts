import type { Context } from 'hono'
import type { Db } from '../handlers/database.ts'
import type { Endpoint } from '../handlers/endpoint.ts'
import { type Failure, httpFailures } from '../handlers/failure.ts'
import { withIdempotencyKey } from '../handlers/idempotency.ts'
import { readSecret, sha256 } from './cart.ts'
import { takesCart } from './input/inputFields.ts'

export const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/

/**
 * The database of a write with an `Idempotency-Key`. Returns a failure for a text that is no key, and for a cart that
 * only a new cookie would name, as that is another cart at each try.
 */
export const openIdempotent = async (
  c: Context,
  key: string,
  endpoint: Endpoint,
  db: Db,
  input: unknown,
): Promise<ReturnType<typeof withIdempotencyKey> | Failure> => {
  if (!idempotencyKeyPattern.test(key)) return httpFailures.invalidIdempotencyKey
  const secret = readSecret(c)
  if (secret === undefined && takesCart(endpoint)) return httpFailures.unnamedCart
  const fingerprint = await sha256(JSON.stringify([endpoint.method, endpoint.path, input, secret]))
  return withIdempotencyKey(db, { idempotency_key: key, fingerprint })
}
