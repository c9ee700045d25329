import { type Server, ServerResponse } from 'node:http'

/**
 * Makes a server write the head and text of an answer without a copy. Node's `end(text)` corks the socket and joins
 * them, which is a twelfth of the cost of a small answer.
 */
export const writeInOnePiece = (server: Server): void => {
  server.prependListener('request', (_request, response) => {
    response.end = endInOnePiece as typeof response.end
  })
}

/** Ends a response as `end` does, without joining its head and text. */
export function endInOnePiece(
  this: ServerResponse,
  chunk?: unknown,
  encoding?: BufferEncoding,
  callback?: () => void,
): ServerResponse {
  const isText = typeof chunk === 'string' && encoding === undefined
  if (isText) {
    this.write(chunk)
    this.socket?.uncork()
  }
  return ServerResponse.prototype.end.call(this, isText ? undefined : chunk, encoding ?? 'utf8', callback)
}
