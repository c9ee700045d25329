import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { buildRequest } from '../../router/test/buildRequest.ts'

/** Requests at a constant arrival rate: they are sent even if earlier ones have no response. */
export type Load = {
  readonly origin: string
  /** Requests a second. */
  readonly rate: number
  readonly products: number
  /** The reviews that PUTs mark as helpful. */
  readonly reviews: readonly number[]
  /** The percentage of writes: half PUT, half POST. */
  readonly writes: number
  /** The addresses of the clients, used in turn. */
  readonly clients: readonly string[]
  /** The start of each posted question. */
  readonly mark: string
}

/** The outcome of one request. `at` is its scheduled time, in milliseconds since 1970. */
export type Outcome = {
  readonly method: string
  readonly path: string
  readonly body?: string | undefined
  readonly at: number
  readonly ms: number
  /** A status, or the message of an error. */
  readonly result: number | string
}

type Planned = { readonly method: string; readonly path: string; readonly body?: string }

const pickUpTo = (max: number) => 1 + Math.floor(Math.random() * max)

/** The reads of a product page. */
const reads = Object.values<Endpoint>(endpoints).filter(({ cache }) => cache?.by === 'product_id')

const plan = ({ products, reviews, writes, mark }: Load, n: number): Planned => {
  const id = pickUpTo(products)
  const dice = Math.random() * 100
  // Many pages and counts, so that few are cached.
  const page = { product_id: id, sort: 'newest', count: pickUpTo(30), page: pickUpTo(3) }
  if (dice >= writes) return buildRequest(reads[pickUpTo(reads.length) - 1]!, page)
  const review_id = reviews[pickUpTo(reviews.length) - 1]
  if (dice >= writes / 2) return buildRequest(endpoints.markReviewHelpful, { review_id })
  const question = { product_id: id, body: `${mark} ${n}`, name: 'visitor', email: 'visitor@mail.example' }
  return buildRequest(endpoints.addQuestion, question)
}

const drive = async (load: Load, ending: AbortSignal): Promise<Outcome[]> => {
  const agent = new Agent({ keepAlive: true, maxTotalSockets: 1000 })
  const all: Promise<Outcome>[] = []
  const begin = performance.now()
  for (let n = 0; !ending.aborted; n += 1) {
    const scheduledAt = begin + (n * 1000) / load.rate
    if (scheduledAt > performance.now()) await sleep(scheduledAt - performance.now())
    all.push(send(agent, load.clients[n % load.clients.length]!, load.origin, plan(load, n), scheduledAt))
  }
  const outcomes = await Promise.all(all)
  agent.destroy()
  return outcomes
}

const send = (
  agent: Agent,
  localAddress: string,
  origin: string,
  { method, path, body }: Planned,
  scheduledAt: number,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const end = (result: number | string) =>
      resolve({
        method,
        path,
        body,
        at: performance.timeOrigin + scheduledAt,
        ms: performance.now() - scheduledAt,
        result,
      })
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const outgoing = request(origin + path, { method, agent, localAddress, headers, timeout: 10_000 }, (response) => {
      response.on('error', ({ message }) => end(message))
      response.resume().on('end', () => end(response.statusCode ?? 0))
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')))
    outgoing.on('error', ({ message }) => end(message))
    outgoing.end(body)
  })

const begin = async (load: Load, ending: AbortSignal): Promise<void> => {
  // A short warm-up: V8 compiles the code of the nodes.
  await drive({ ...load, rate: load.rate / 4, writes: 0 }, AbortSignal.timeout(2000))
  process.send?.('begun')
  process.send?.(await drive(load, AbortSignal.any([ending, AbortSignal.timeout(90_000)])))
}

process.once('message', (load: Load) => {
  const ending = new AbortController()
  process.once('message', () => ending.abort())
  void begin(load, ending.signal)
})
process.on('disconnect', () => process.exit())
