import { UserError } from '../../db/commandLine.ts'
import { buildRequests, type Ids, isRead, operations } from '../operations.ts'

const atOnce = 64

/** Asks a balancer once for all that product pages show, so that its cache is that of a shop open for a while. */
export const fillCache = async (url: string, ids: Ids): Promise<void> => {
  const pages = [...new Set(ids.pages)]
  const shown = operations.filter((operation) => isRead(operation) && operation.kind)
  const left = shown.flatMap((operation) => buildRequests(operation, { ...ids, pages })).values()
  const ask = async (): Promise<void> => {
    for (const { path } of left) {
      const answer = await fetch(url + path)
      if (!answer.ok) throw new UserError(`${url}${path} answered ${answer.status}: the cache cannot be filled.`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
}

/** How many reads that it may keep a balancer has answered, and how many of them from its cache, by its status page. */
export const readCacheUse = async (admin: string): Promise<{ reads: number; hits: number }> => {
  const { cache } = (await (await fetch(`${admin}/status`)).json()) as { cache: Record<string, number> }
  const { HIT = 0, STALE = 0, UPDATING = 0, MISS = 0, EXPIRED = 0 } = cache
  const hits = HIT + STALE + UPDATING
  return { reads: hits + MISS + EXPIRED, hits }
}
