import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '../../db/client.ts'

/** A response to the load. Keyed ones are writes with an `Idempotency-Key`. */
export type Answer = { readonly kind: Kind; readonly status: number; readonly ms: number; readonly at: number }
type Kind = 'reads' | 'writes' | 'keyed'

/** A mixed load, and the ledger of its writes. */
export type Load = {
  /** All answers so far, in order. */
  readonly answers: readonly Answer[]
  /** Stops it; writes with a key are retried until they are acknowledged, for ten seconds. */
  readonly stop: () => Promise<void>
  /** The acknowledged writes that the database lacks, and those that it has twice. */
  readonly audit: (sql: Sql) => Promise<readonly string[]>
}

const reads = ['/products/1', '/reviews?product_id=1', '/reviews/meta?product_id=1', '/qa/questions?product_id=1']

/** Sends reads and writes from eight clients, each its next request after an answer. */
export const startLoad = (url: string): Load => {
  const answers: Answer[] = []
  const sent = new Map<string, { acknowledged: boolean; hasKey: boolean }>()
  const load = `load-${crypto.randomUUID()}`
  const stopping = new AbortController()
  let givesUp = new AbortController().signal

  const send = async (kind: Kind, path: string, init: RequestInit = {}): Promise<number> => {
    const before = performance.now()
    const status = await fetch(url + path, { ...init, signal: AbortSignal.timeout(20_000) }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.status
      },
      () => 0,
    )
    const at = performance.now()
    answers.push({ kind, status, ms: at - before, at })
    return status
  }
  const write = async (hasKey: boolean): Promise<void> => {
    const body = `${load}-${sent.size}`
    const entry = { acknowledged: false, hasKey }
    sent.set(body, entry)
    const init = {
      method: 'POST',
      body: JSON.stringify({ product_id: 1, body, name: 'pilot', email: 'pilot@mail.example' }),
      headers: { 'Content-Type': 'application/json', ...(hasKey && { 'Idempotency-Key': body }) },
    }
    for (;;) {
      const status = await send(hasKey ? 'keyed' : 'writes', '/qa/questions', init)
      entry.acknowledged = status === 201
      if (entry.acknowledged || !hasKey || givesUp.aborted) return
      await sleep(20)
    }
  }
  const client = async (turn: number): Promise<void> => {
    for (let request = turn; !stopping.signal.aborted; request += 1) {
      if (request % 4 === 0) await write(true)
      else if (request % 4 === 1) await write(false)
      else await send('reads', reads[request % reads.length]!)
      await sleep(5)
    }
  }
  const clients = Array.from({ length: 8 }, (_, turn) => client(turn))
  return {
    answers,
    stop: async () => {
      stopping.abort()
      givesUp = AbortSignal.timeout(10_000)
      await Promise.all(clients)
    },
    audit: async (sql) => {
      const rows = await sql<{ body: string; times: number }[]>`
        select question_body as body, count(*)::int as times from questions
        where question_body like ${`${load}%`} group by 1`
      const stored = new Map(rows.map(({ body, times }) => [body, times]))
      return [...sent].flatMap(([body, { acknowledged, hasKey }]) => {
        const times = stored.get(body) ?? 0
        const isRight = acknowledged ? times === 1 : times <= 1
        return isRight ? [] : [`${body} (${hasKey ? 'with' : 'without'} a key) is stored ${times} times`]
      })
    },
  }
}
