import { expect, test } from 'vitest'
import { describeNginx, useStack } from '../../ops/nginx/test/stack.ts'
import { readIds } from './readIds.ts'
import { fillCache, readCacheUse } from './target.ts'

describeNginx('the cache of a balancer', () => {
  const used = useStack()

  test('answers all that product pages show once it is filled', async () => {
    const { url, admin, nodes } = used.stack
    const ids = await readIds(nodes[0] ?? url)
    await fillCache(url, ids)
    const filled = await readCacheUse(admin)
    expect(filled.reads).toBeGreaterThan(8 * ids.products.length)

    await fillCache(url, ids)
    const { reads, hits } = await readCacheUse(admin)
    expect(reads - filled.reads).toBe(filled.reads)
    expect(hits - filled.hits).toBe(filled.reads)
  })
})
