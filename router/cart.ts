import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { type Failure, httpFailures } from '../handlers/failure.ts'

/** The cookie that names the cart of a caller without a token. */
export const cartCookie = 's_id'

/** The name of the caller's cart and, for a caller with neither token nor cookie, the new cookie that names it. */
export type CartName = { readonly cart: string; readonly cookie?: string }

/**
 * Identifies the caller's cart by the token in `Authorization`, else its cookie, else a new one. Returns a
 * failure for a form of another site: browsers send it without the cookie, and the new one would replace the cart of
 * their user.
 */
export const identifyCart = async (c: Context): Promise<CartName | Failure> => {
  if (isCrossSiteForm(c)) return httpFailures.crossSiteForm
  const secret = readSecret(c)
  if (secret !== undefined) return { cart: await sha256(secret) }
  const sessionId = crypto.randomUUID()
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure(c) ? '; Secure' : ''}`
  return { cart: await sha256(sessionId), cookie: `${cartCookie}=${sessionId}; ${attributes}` }
}

/** The text that names the caller: the token in `Authorization`, else the cookie. */
export const readSecret = (c: Context): string | undefined =>
  readToken(c.req.header('authorization')) ?? (getCookie(c, cartCookie) || undefined)

const isCrossSiteForm = ({ req }: Context): boolean =>
  req.method === 'POST' && req.header('sec-fetch-site') === 'cross-site' && req.header('sec-fetch-mode') === 'navigate'

/** True if the client uses TLS, to this server or to the proxy, which replaces the header. */
const isSecure = ({ req }: Context): boolean =>
  req.url.startsWith('https:') || req.header('x-forwarded-proto') === 'https'

/**
 * The token without its scheme; undefined for the texts that clients send without a token, which would share a cart.
 */
export const readToken = (authorization = ''): string | undefined => {
  const token = authorization.replace(/^(bearer|token)(\s+|$)/i, '')
  return /^(undefined|null|nan|false|\[object \w+\])?$/i.test(token) ? undefined : token
}

/** The SHA-256 of a text, in hex. */
export const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
