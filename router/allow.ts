import type { Hono } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'

/** What `Allow` names at a path, from the routes of an app; nothing if it has no such path. */
export const methodsByPath = (app: Hono): ((path: string) => string) => {
  const router = new TrieRouter<string>()
  for (const { method, path } of app.routes) router.add('ALL', path, method)
  return (path) => {
    const methods = router.match('ALL', path)[0].map(([method]) => method)
    const both = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    return both.length === 0 ? '' : [...new Set(both), 'OPTIONS'].join(', ')
  }
}
