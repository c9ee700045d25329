import { once } from 'node:events'
import { expect } from 'vitest'
import type { Sql } from '../../db/client.ts'
import { endpoints } from '../../handlers/index.ts'
import { buildRequest } from '../../router/test/buildRequest.ts'
import { clientAddresses, converse } from './hosts.ts'
import type { Load, Outcome } from './load.ts'
import { products, reviews } from './shop.ts'

/** What is asked of a load; the rest is the shop's. */
export type Pressure = Pick<Load, 'origin' | 'rate' | 'writes'> & Partial<Pick<Load, 'clients'>>

/** Loads a URL from the client host while a test does things to it, and returns what came of each request. */
export const press = async (pressure: Pressure, meanwhile: () => Promise<unknown>): Promise<Outcome[]> => {
  const child = converse('client', 'ops/test/load.ts')
  try {
    const mark = `Load of ${Date.now()}:`
    child.send({ products, reviews, clients: clientAddresses, mark, ...pressure } satisfies Load)
    await once(child, 'message')
    await meanwhile()
    const ended = once(child, 'message')
    child.send('end')
    const [outcomes] = await ended
    return outcomes as Outcome[]
  } finally {
    child.kill()
  }
}

/** Whether a request was answered with success. */
export const isOk = ({ result }: Outcome) => typeof result === 'number' && result >= 200 && result < 300

/** How many outcomes there are of each kind that is no success: `{ 'GET 502': 3 }`. */
export const failures = (outcomes: readonly Outcome[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { method, result } of outcomes.filter((outcome) => !isOk(outcome))) {
    counts[`${method} ${result}`] = (counts[`${method} ${result}`] ?? 0) + 1
  }
  return counts
}

/** Expects that each write that was acknowledged is stored once, and each that was not, at most once. */
export const expectCountedOnce = async (sql: Sql, before: Counts, outcomes: readonly Outcome[]): Promise<void> => {
  const after = await countsOf(sql)
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

/** How often each review was found helpful, by the path that counts it. */
export type Counts = ReadonlyMap<string, number>

export const countsOf = async (sql: Sql): Promise<Counts> => {
  const rows = await sql<{ review_id: number; helpfulness: number }[]>`
    select review_id, helpfulness from reviews where review_id <= ${reviews.length}`
  return new Map(
    rows.map(({ review_id, helpfulness }) => [
      buildRequest(endpoints.markReviewHelpful, { review_id }).path,
      helpfulness,
    ]),
  )
}
