import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { type Failure, httpFailures } from '../handlers/failure.ts'

/** The name of the caller's cart and, for a caller who came with neither token nor cookie, the cookie that gives it back. */
export type CartName = { readonly cart: string; readonly cookie?: string }

/**
 * Names the cart of the token in `Authorization`, else of the cookie `s_id`, else a cart that nobody else has. Fails for a
 * form on another site: a browser sends it without the cookie, and what it got back would replace the cart of its user.
 */
export const cartOf = async (c: Context): Promise<CartName | Failure> => {
  if (isCrossSiteForm(c)) return httpFailures.crossSiteForm
  const secret = tokenIn(c.req.header('authorization')) ?? (getCookie(c, 's_id') || undefined)
  if (secret !== undefined) return { cart: await sha256(secret) }
  const fresh = crypto.randomUUID()
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure(c) ? '; Secure' : ''}`
  return { cart: await sha256(fresh), cookie: `s_id=${fresh}; ${attributes}` }
}

const isCrossSiteForm = ({ req }: Context): boolean =>
  req.method === 'POST' && req.header('sec-fetch-site') === 'cross-site' && req.header('sec-fetch-mode') === 'navigate'

/** Whether the client speaks TLS, to this server or to the proxy before it, which alone may say so. */
const isSecure = ({ req }: Context): boolean =>
  req.url.startsWith('https:') || req.header('x-forwarded-proto') === 'https'

/** The token with or without its scheme; what a client sends that has none ("undefined") would name a cart of strangers. */
const tokenIn = (authorization = ''): string | undefined => {
  const token = authorization.replace(/^(bearer|token)(\s+|$)/i, '')
  return /^(undefined|null|nan|false|\[object \w+\])?$/i.test(token) ? undefined : token
}

const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
