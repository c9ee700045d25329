import { UserError } from '../../db/commandLine.ts'
import { startStack } from '../../ops/stack/stack.ts'
import { startApi } from '../bench/servers.ts'
import type { Shop } from '../bench/shop.ts'
import { buildRequests, isRead, operations, type SampleIds } from '../operations.ts'
import type { Topology } from './profiles.ts'
import { readIds } from './readIds.ts'

/** An API under load. What was started for it ends when it is disposed of. */
export type LoadTarget = AsyncDisposable & {
  readonly url: string
  readonly ids: SampleIds
  /** The address of the balancer's status page; undefined without its cache. */
  readonly admin?: string
}

/** An API that runs already. */
export const openRunning = async (url: string): Promise<LoadTarget> => ({
  url,
  ids: await readIds(url),
  [Symbol.asyncDispose]: async () => {},
})

// As many as clients look at; the others are in no cache.
const maxPages = 200

/** Starts the nodes and the balancer of a topology on a shop. */
export const startTopology = async (topology: Topology, shop: Shop): Promise<LoadTarget> => {
  const ids = { ...shop.ids, pages: shop.ids.pages.map((page) => 1 + (page % maxPages)) }
  if (topology === 'node') return { ...(await startApi(shop.url)), ids }
  const { url, admin, stop } = await startStack({ url: shop.url, limits: 'off', cache: topology === 'cache' })
  const target = { url, ids, [Symbol.asyncDispose]: stop }
  if (topology === 'balancer') return target
  console.error('Filling the cache.')
  await fillCache(url, ids).catch((error) => stop().then(() => Promise.reject(error)))
  return { ...target, admin }
}

const concurrency = 64

/** Requests all that product pages show once, so that a balancer's cache is that of a shop open for a while. */
export const fillCache = async (url: string, ids: SampleIds): Promise<void> => {
  const pages = [...new Set(ids.pages)]
  const shown = operations.filter((operation) => isRead(operation) && operation.kind)
  const left = shown.flatMap((operation) => buildRequests(operation, { ...ids, pages })).values()
  const request = async (): Promise<void> => {
    for (const { path } of left) {
      const answer = await fetch(url + path)
      if (!answer.ok) throw new UserError(`${url}${path} answered ${answer.status}: the cache cannot be filled.`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, request))
}

/** The reads that a balancer may cache and has answered, and those of them from its cache, by its status page. */
export const readCacheUse = async (admin: string): Promise<{ reads: number; hits: number }> => {
  const { cache } = (await (await fetch(`${admin}/status`)).json()) as { cache: Record<string, number> }
  const { HIT = 0, STALE = 0, UPDATING = 0, MISS = 0, EXPIRED = 0 } = cache
  const hits = HIT + STALE + UPDATING
  return { reads: hits + MISS + EXPIRED, hits }
}
