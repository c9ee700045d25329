import { startStack } from '../../ops/stack/stack.ts'
import { startApi } from '../bench/servers.ts'
import { openShop } from '../bench/shop.ts'
import type { Ids } from '../operations.ts'
import { fillCache } from './cache.ts'
import type { Target } from './profiles.ts'
import { readIds } from './readIds.ts'

/** An API that is loaded. */
export type Loaded = {
  readonly url: string
  readonly ids: Ids
  /** Where the balancer says what its cache does, where there is one. */
  readonly admin: string | undefined
  readonly stop: () => Promise<void>
}

/** An API that runs already. */
export const openRunning = async (url: string): Promise<Loaded> => ({
  url,
  ids: await readIds(url),
  admin: undefined,
  stop: async () => {},
})

// As many as clients look at; the others are in no cache.
const mostPages = 200

/** Starts what a profile loads, on a shop of so many products. */
export const openTarget = async (target: Target, products: number): Promise<Loaded> => {
  const shop = await openShop(products)
  const ids = { ...shop.ids, pages: shop.ids.pages.map((page) => 1 + (page % mostPages)) }
  try {
    if (target === 'node') {
      const api = await startApi(shop.url)
      return { url: api.url, ids, admin: undefined, stop: () => api.stop().then(shop.close) }
    }
    const stack = await startStack({ url: shop.url, limits: 'off', cache: target === 'cache' })
    const stop = () => stack.stop().then(shop.close)
    if (target === 'balancer') return { url: stack.url, ids, admin: undefined, stop }
    console.error('Filling the cache.')
    await fillCache(stack.url, ids)
    return { url: stack.url, ids, admin: stack.admin, stop }
  } catch (error) {
    await shop.close()
    throw error
  }
}
