import { Agent, get } from 'node:http'
import { Problem } from '../../db/problem.ts'
import type { Ids } from './ids.ts'
import { pages } from './script/mix.ts'
import { type Ids as IdsAndPages, operations, requestsOf } from '../operations.ts'

const atOnce = 64

/**
 * Asks a balancer once for all that product pages show, so that its cache is that of a shop which has been open for a
 * while. `tell` hears which share of it is done.
 */
export const fillCache = async (url: string, ids: Ids, tell: (share: number) => void): Promise<void> => {
  const paths = pathsOf({ ...ids, pages: Array.from({ length: pages }, (_, index) => index + 1) })
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const left = paths.values()
  let done = 0
  const ask = async (): Promise<void> => {
    for (const path of left) {
      await read(url + path, agent)
      done += 1
      if (done % 1000 === 0) tell(done / paths.length)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask)).finally(() => agent.destroy())
}

const pathsOf = (ids: IdsAndPages): string[] =>
  operations
    .filter(({ method, operation }) => method === 'GET' && operation !== 'getCart')
    .flatMap((operation) => requestsOf(operation, ids).paths)

const read = (url: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      const { statusCode } = answer.resume()
      if (statusCode !== 200) reject(new Problem(`${url} answered ${statusCode}: the cache cannot be filled.`))
      answer.once('end', resolve).once('error', reject)
    }).once('error', reject)
  })

/** How many reads that it may keep a balancer has answered, and how many of them from its cache, by its status page. */
export const cacheUse = async (admin: string): Promise<{ reads: number; hits: number }> => {
  const { cache } = (await (await fetch(`${admin}/status`)).json()) as { cache: Record<string, number> }
  const { HIT = 0, STALE = 0, UPDATING = 0, MISS = 0, EXPIRED = 0 } = cache
  const hits = HIT + STALE + UPDATING
  return { reads: hits + MISS + EXPIRED, hits }
}
