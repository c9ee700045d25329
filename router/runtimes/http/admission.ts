import { httpFailures } from '../../../handlers/failure.ts'
import { errorResponse, notApplied } from '../../response.ts'

type Fetch<Env> = (request: Request, env: Env) => Response | Promise<Response>

/** The requests under way, and those that were refused so far. */
export type ServerLoad = { readonly underWay: number; readonly refused: number }

/** A `fetch` that limits the number of requests under way. */
export type LimitedFetch<Env> = ((request: Request, env: Env) => Promise<Response>) & { load: () => ServerLoad }

// At this rate, refusals take a twentieth of the time of a process, however many requests arrive.
const refusalsPerMs = 1
const maxDelayMs = 500

/**
 * Limits the number of requests under way: any more get a 503 before anything else is done for them, `/livez` excepted.
 * Refusals are delayed, longer the more there are: clients retry at once, and would leave no time for admitted
 * requests.
 */
export const limitConcurrency = <Env>(fetch: Fetch<Env>, maxConcurrent: number): LimitedFetch<Env> => {
  let underWay = 0
  let refused = 0
  let delayed = 0

  // Always in a later turn of the event loop: with more than a thousand readable sockets, Node reads for long before it
  // does anything else, and clients that were answered meanwhile would keep it reading forever.
  const delayRefusal = async (): Promise<void> => {
    refused += 1
    delayed += 1
    await new Promise((resolve) => setTimeout(resolve, Math.min(delayed / refusalsPerMs, maxDelayMs)))
    delayed -= 1
  }
  const admit = async (request: Request, env: Env): Promise<Response> => {
    if (underWay >= maxConcurrent && !isLivenessProbe(request)) {
      await delayRefusal()
      return errorResponse(request, httpFailures.unavailable, notApplied)
    }
    underWay += 1
    try {
      return await fetch(request, env)
    } finally {
      underWay -= 1
    }
  }
  return Object.assign(admit, { load: () => ({ underWay, refused }) })
}

const isLivenessProbe = ({ url }: Request): boolean => /^\/livez\/?$/.test(new URL(url).pathname)
