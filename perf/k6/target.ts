import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startStack } from '../../ops/stack.ts'
import type { Target } from './script/profiles.ts'
import { startApi } from '../bench/servers.ts'
import { openShop } from '../bench/shop.ts'

/** An API that runs for as long as it is loaded. */
export type Loaded = {
  readonly url: string
  /** Where a question is answered by a node itself. */
  readonly node: string
  /** Where the cache is asked what it does, where there is one. */
  readonly admin: string | undefined
  /** The database's process, which the runner did not start. */
  readonly postmaster: number | undefined
  readonly stop: () => Promise<void>
}

/** Starts what a profile loads, on a shop of so many products. */
export const openTarget = async (target: Target, products: number): Promise<Loaded> => {
  const shop = await openShop(products)
  try {
    const { stop, ...served } = await serve(target, shop.url)
    return {
      ...served,
      postmaster: await postmasterOf(shop.url),
      stop: async () => {
        await stop()
        await shop.close()
      },
    }
  } catch (error) {
    await shop.close()
    throw error
  }
}

const serve = async (target: Target, databaseUrl: string) => {
  if (target === 'node') {
    const { url, stop } = await startApi(databaseUrl)
    return { url, node: url, admin: undefined, stop }
  }
  const { url, nodes, admin, stop } = await startStack({ url: databaseUrl, limits: 'off', cache: target === 'cache' })
  return { url, node: nodes[0] ?? url, admin: target === 'cache' ? admin : undefined, stop }
}

const postmasterOf = async (databaseUrl: string): Promise<number | undefined> => {
  const data = new URL(databaseUrl).searchParams.get('host') ?? ''
  const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return Number(pid) || undefined
}
