import { notApplied, refuse } from '../response.ts'
import { httpFailures } from '../../handlers/failure.ts'

type Fetch = (request: Request) => Response | Promise<Response>

/** How many refusals are answered in a millisecond: they take a twentieth of the time of a process, whatever is asked of it. */
const refusalsPerMs = 1
const longestMs = 500

/**
 * Answers 503 while so many requests are under way, before anything else is done for them; a probe of the process itself is
 * let through. Many refusals are put off a little: clients that are refused ask again, and one that answered all of them
 * at once would have no time left for what it has let in.
 */
export const admitting = (fetch: Fetch, mostUnderWay: number): ((request: Request) => Promise<Response>) => {
  let underWay = 0
  let refused = 0

  // Always in a later turn of the loop, however short: with more than a thousand sockets to read from, Node goes on reading
  // for long before it turns to anything else, and clients that were answered meanwhile would have it never end.
  const delayRefusal = async (): Promise<void> => {
    refused += 1
    await new Promise((resolve) => setTimeout(resolve, Math.min(refused / refusalsPerMs, longestMs)))
    refused -= 1
  }
  return async (request) => {
    if (underWay >= mostUnderWay && !isProbe(request)) {
      await delayRefusal()
      return refuse(request, httpFailures.unavailable, notApplied)
    }
    underWay += 1
    try {
      return await fetch(request)
    } finally {
      underWay -= 1
    }
  }
}

const isProbe = ({ url }: Request): boolean => /^\/livez\/?$/.test(new URL(url).pathname)
