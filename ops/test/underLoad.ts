import { once } from 'node:events'
import { expect } from 'vitest'
import type { Sql } from '../../db/client.ts'
import { endpoints } from '../../handlers/index.ts'
import { buildRequest } from '../../router/test/buildRequest.ts'
import { clientAddresses, forkOnHost } from './hosts.ts'
import type { Load, Outcome } from './load.ts'
import { products, reviews } from './shop.ts'

/** The options of a load; the shop has the others. */
export type LoadSettings = Pick<Load, 'origin' | 'rate' | 'writes'> & Partial<Pick<Load, 'clients'>>

/** Runs a task while the client host sends requests, and returns the outcome of each request. */
export const underLoad = async (settings: LoadSettings, task: () => Promise<unknown>): Promise<Outcome[]> => {
  const child = forkOnHost('client', 'ops/test/load.ts')
  try {
    const mark = `Load of ${Date.now()}:`
    child.send({ products, reviews, clients: clientAddresses, mark, ...settings } satisfies Load)
    await once(child, 'message')
    await task()
    const ended = once(child, 'message')
    child.send('end')
    const [outcomes] = await ended
    return outcomes as Outcome[]
  } finally {
    child.kill()
  }
}

/** True for a 2xx. */
export const isOk = ({ result }: Outcome) => typeof result === 'number' && result >= 200 && result < 300

/** The number of failed requests by method and result: `{ 'GET 502': 3 }`. */
export const countFailures = (outcomes: readonly Outcome[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { method, result } of outcomes.filter((outcome) => !isOk(outcome))) {
    counts[`${method} ${result}`] = (counts[`${method} ${result}`] ?? 0) + 1
  }
  return counts
}

/** Expects each acknowledged write to be stored once, and each other write at most once. */
export const expectCountedOnce = async (sql: Sql, before: Counts, outcomes: readonly Outcome[]): Promise<void> => {
  const after = await readCounts(sql)
  for (const [path, count] of after) {
    const puts = outcomes.filter((outcome) => outcome.path === path)
    const added = count - (before.get(path) ?? 0)
    expect(added, path).toBeGreaterThanOrEqual(puts.filter(isOk).length)
    expect(added, path).toBeLessThanOrEqual(puts.length)
  }
  const rows = await sql<{ question_body: string; times: number }[]>`
    select question_body, count(*)::int as times from questions where question_body like 'Load of %' group by 1`
  const stored = new Map(rows.map(({ question_body, times }) => [question_body, times]))
  for (const post of outcomes.filter(({ method }) => method === 'POST')) {
    const { body: text } = JSON.parse(post.body ?? '{}') as { body: string }
    const times = stored.get(text) ?? 0
    expect(isOk(post) ? times === 1 : times <= 1, `${text} ${post.result} is stored ${times} times`).toBe(true)
  }
}

/** The helpfulness of each review, by the path of its PUT. */
export type Counts = ReadonlyMap<string, number>

export const readCounts = async (sql: Sql): Promise<Counts> => {
  const rows = await sql<{ review_id: number; helpfulness: number }[]>`
    select review_id, helpfulness from reviews where review_id <= ${reviews.length}`
  return new Map(
    rows.map(({ review_id, helpfulness }) => [
      buildRequest(endpoints.markReviewHelpful, { review_id }).path,
      helpfulness,
    ]),
  )
}
