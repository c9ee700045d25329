import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

/** The name of the caller's cart and, for a caller who came with neither token nor cookie, the cookie that gives it back. */
export type CartName = { readonly cart: string; readonly cookie?: string }

/** Names the cart of the token in `Authorization`, else of the cookie `s_id`, else a cart that nobody else has. */
export const cartOf = async (c: Context): Promise<CartName> => {
  const secret = tokenIn(c.req.header('authorization')) ?? (getCookie(c, 's_id') || undefined)
  if (secret !== undefined) return { cart: await sha256(secret) }
  const fresh = crypto.randomUUID()
  return { cart: await sha256(fresh), cookie: `s_id=${fresh}; Path=/; HttpOnly; SameSite=Lax` }
}

/** The token with or without its scheme; what a client sends that has none ("undefined") would name a cart of strangers. */
const tokenIn = (authorization = ''): string | undefined => {
  const token = authorization.trim().replace(/^(bearer|token)(\s+|$)/i, '')
  return /^(undefined|null|nan|false|\[object \w+\])?$/i.test(token) ? undefined : token
}

const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
