import type { Hono } from 'hono'
import { errorResponse, redirect, response } from '../response.ts'
import { httpFailures } from '../../handlers/failure.ts'

/** Reads a file of the package `swagger-ui-dist`. */
export type ReadAsset = (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>

/** Serves Swagger UI at `/docs`; without its files, `/docs` redirects to the document. */
export const docs = (read: ReadAsset) => (app: Hono) => {
  app.get('/', ({ req }) => redirect(req.raw, '/docs'))
  app.get('/docs', async ({ req }) => {
    if (!(await read('swagger-ui.css'))) return redirect(req.raw, '/openapi.json')
    return response(req.raw, 200, page, {
      'Content-Type': 'text/html; charset=UTF-8',
      'Content-Security-Policy': policy,
    })
  })
  app.get('/docs/assets/:name', async ({ req }) => {
    const name = req.param('name')
    const type = Object.hasOwn(types, name) ? types[name] : undefined
    const body = type && (pageFiles[name] ?? (await read(name)))
    if (!body) return errorResponse(req.raw, httpFailures.unknownRoute)
    return response(req.raw, 200, body, { 'Content-Type': type, 'Cache-Control': 'public, max-age=3600' })
  })
}

const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=UTF-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=UTF-8',
  'page.css': 'text/css; charset=UTF-8',
  'page.js': 'text/javascript; charset=UTF-8',
  'icon.svg': 'image/svg+xml',
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Atelier API</title>
    <link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <link rel="stylesheet" href="/docs/assets/page.css">
  </head>
  <body>
    <div id="docs"></div>
    <noscript>The API is described in <a href="/openapi.json">openapi.json</a>.</noscript>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/assets/page.js"></script>
  </body>
</html>
`

const pageFiles: Readonly<Record<string, string>> = {
  'page.js': `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
})
`,
  'page.css': `body { margin: 0; background: #fbfaf8; }
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag { font-family: system-ui, sans-serif; }
.swagger-ui .info { margin: 40px 0 24px; }
.swagger-ui .scheme-container { background: none; box-shadow: none; padding: 0 0 16px; }
.swagger-ui .opblock { border-radius: 8px; box-shadow: none; }
.swagger-ui .opblock .opblock-summary-method { border-radius: 6px; }
`,
  'icon.svg': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d3557"/><path d="M8 24 16 7l8 17M11.5 18h9" fill="none" stroke="#fbfaf8" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>
`,
}
