import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { isRequestId } from '../../requestId.ts'

/** Makes a server give an id to each request that has none, or one that is not short and plain. */
export const identifyRequests = (server: Server): void => {
  server.prependListener('request', ({ headers }) => {
    const id = headers['x-request-id']
    if (typeof id !== 'string' || !isRequestId(id)) headers['x-request-id'] = randomUUID()
  })
}
