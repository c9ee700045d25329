import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { OnStatement } from '../../../db/batch.ts'
import type { DatabaseLoad } from '../../../db/connect.ts'
import type { ServerLoad } from '../http/admission.ts'
import { endInOnePiece } from '../http/writeInOnePiece.ts'

/** A response, at the moment when its body goes to the socket. */
export type Exchange = {
  readonly request: IncomingMessage
  readonly status: number
  /** The id of the endpoint; undefined at any other address, and for a request that was refused before. */
  readonly operation: string | undefined
  readonly ms: number
  readonly body: unknown
}

/** Receives what a server does, for metrics and logs. */
export type Observer = {
  readonly onResponse: (exchange: Exchange) => void
  readonly onStatement?: OnStatement
  /** Called once, with a function that reads how busy the server and its database are. */
  readonly watch?: (readLoad: () => { readonly server: ServerLoad; readonly database: DatabaseLoad }) => void
}

type ObservedResponse = ServerResponse & { arrivedAt: number; operation?: string }

/** Makes a server that writes in one piece call a function with each exchange. */
export const observeResponses = (server: Server, onResponse: Observer['onResponse']): void => {
  // One function for all responses: a closure for each would cost as much as the rest of this.
  function endObserved(this: ObservedResponse, body?: unknown, encoding?: BufferEncoding, callback?: () => void) {
    const { req: request, statusCode: status, operation, arrivedAt } = this
    onResponse({ request, status, operation, ms: performance.now() - arrivedAt, body })
    return endInOnePiece.call(this, body, encoding, callback)
  }
  server.prependListener('request', (_request, response: ObservedResponse) => {
    response.arrivedAt = performance.now()
    response.end = endObserved as typeof response.end
  })
}

/** Notes the operation of a response; `env` is what the server passes to an app with a request. */
export const noteOperation = (env: unknown, operation: string): void => {
  ;(env as { readonly outgoing: ObservedResponse }).outgoing.operation = operation
}
