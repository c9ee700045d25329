import type { Hono } from 'hono'
import { httpFailures } from '../../../handlers/failure.ts'
import { errorResponse, response } from '../../response.ts'
import { page } from './page.ts'
import { script } from './script.ts'
import { styles } from './styles.ts'

/** Serves the page of moderators at `/admin`. It holds nothing of anyone: it asks for the token, and then the API. */
export const addAdminPage = (app: Hono): void => {
  app.get('/admin', ({ req }) =>
    response(req.raw, 200, page, {
      'Content-Type': 'text/html; charset=UTF-8',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
    }),
  )
  app.get('/admin/assets/:name', ({ req }) => {
    const name = req.param('name')
    const [type, body] = Object.hasOwn(files, name) ? files[name]! : []
    if (!type || !body) return errorResponse(req.raw, httpFailures.unknownRoute)
    return response(req.raw, 200, body, { 'Content-Type': `${type}; charset=UTF-8`, 'Cache-Control': 'no-store' })
  })
}

const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
  'page.css': ['text/css', styles],
  'page.js': ['text/javascript', script],
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
