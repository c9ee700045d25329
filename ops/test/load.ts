import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { endpoints } from '../../handlers/index.ts'
import { buildRequest } from '../../router/test/buildRequest.ts'

/** Requests that arrive at a fixed rate, whether or not earlier ones are answered, until the load is told to end. */
export type Load = {
  readonly origin: string
  readonly rate: number
  readonly products: number
  /** The reviews whose helpfulness is counted. */
  readonly reviews: readonly number[]
  /** How many of a hundred requests are writes: half PUT, half POST. */
  readonly writes: number
  /** The addresses of the clients, which take turns. */
  readonly clients: readonly string[]
  /** What the bodies of posted questions begin with. */
  readonly mark: string
}

/** What came of one request. `at` is when it was due, in milliseconds since 1970. */
export type Outcome = {
  readonly method: string
  readonly path: string
  readonly body?: string | undefined
  readonly at: number
  readonly ms: number
  /** A status, or what broke instead. */
  readonly result: number | string
}

type Planned = { readonly method: string; readonly path: string; readonly body?: string }

const upTo = (most: number) => 1 + Math.floor(Math.random() * most)

/** What visitors read of a product. */
const reads = Object.values<Endpoint>(endpoints).filter(({ cache }) => cache?.by === 'product_id')

const plan = ({ products, reviews, writes, mark }: Load, n: number): Planned => {
  const id = upTo(products)
  const dice = Math.random() * 100
  // Many pages and lengths, so that few of them are in a cache.
  const page = { product_id: id, sort: 'newest', count: upTo(30), page: upTo(3) }
  if (dice >= writes) return buildRequest(reads[upTo(reads.length) - 1]!, page)
  const review_id = reviews[upTo(reviews.length) - 1]
  if (dice >= writes / 2) return buildRequest(endpoints.markReviewHelpful, { review_id })
  const question = { product_id: id, body: `${mark} ${n}`, name: 'visitor', email: 'visitor@mail.example' }
  return buildRequest(endpoints.addQuestion, question)
}

const drive = async (load: Load, ending: AbortSignal): Promise<Outcome[]> => {
  const agent = new Agent({ keepAlive: true, maxTotalSockets: 1000 })
  const all: Promise<Outcome>[] = []
  const begin = performance.now()
  for (let n = 0; !ending.aborted; n += 1) {
    const due = begin + (n * 1000) / load.rate
    if (due > performance.now()) await sleep(due - performance.now())
    all.push(send(agent, load.clients[n % load.clients.length]!, load.origin, plan(load, n), due))
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
  due: number,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const end = (result: number | string) =>
      resolve({ method, path, body, at: performance.timeOrigin + due, ms: performance.now() - due, result })
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = request(origin + path, { method, agent, localAddress, headers, timeout: 10_000 }, (response) => {
      response.on('error', ({ message }) => end(message))
      response.resume().on('end', () => end(response.statusCode ?? 0))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')))
    sent.on('error', ({ message }) => end(message))
    sent.end(body)
  })

const begin = async (load: Load, ending: AbortSignal): Promise<void> => {
  // A little of it first, so that the servers have compiled what they run.
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
