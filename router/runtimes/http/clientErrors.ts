import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Failure, httpFailures } from '../../../handlers/failure.ts'
import { textPlain, withCommonHeaders } from '../../response.ts'

const failures: Readonly<Record<string, Failure>> = {
  ERR_HTTP_REQUEST_TIMEOUT: httpFailures.requestTimeout,
  HPE_HEADER_OVERFLOW: httpFailures.headersTooLarge,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: httpFailures.bodyTooLarge,
}
const methods = 'GET, HEAD, POST, PUT, OPTIONS'
// A client that still sends would be reset before it has read the answer.
const lingerMs = 1000

/** Answers what Node refuses before the app sees it as the API does: status, text and headers. */
export const handleClientErrors = (server: Server): void => {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => latest.set(request.socket, response))

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const failure = failures[error.code ?? ''] ?? httpFailures.malformedRequest
    const latestResponse = latest.get(socket)
    if (!latestResponse || latestResponse.writableFinished) return endWithFailure(socket, failure)
    // The error is in what follows a complete request, which gets its own answer first.
    if (latestResponse.req.complete) return latestResponse.once('finish', () => endWithFailure(socket, failure))
    if (latestResponse.headersSent) return socket.destroy()
    endWithFailure(socket, failure)
  })
  server.on('connect', (_, socket) => endWithFailure(socket, httpFailures.methodNotAllowed, { Allow: methods }))
  server.on('checkExpectation', (_, response: ServerResponse) => {
    const { status, text } = httpFailures.expectationFailed
    response.writeHead(status, failureHeaders(httpFailures.expectationFailed)).end(text)
  })
}

/** The response to an error outside the app: a 400 for a request without a valid URL, else a 500. */
export const unhandledErrorResponse = (error: unknown): Response => {
  const failure =
    error instanceof Error && error.name === 'RequestError' ? httpFailures.malformedRequest : httpFailures.serverFault
  return new Response(failure.text, { status: failure.status, headers: failureHeaders(failure) })
}

const failureHeaders = ({ text }: Failure) =>
  withCommonHeaders({
    'Content-Type': textPlain,
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
    'X-Request-Id': crypto.randomUUID(),
  })

/** Writes the answer to the socket and ends the connection, whose further bytes cannot be parsed. */
const endWithFailure = (socket: Duplex, failure: Failure, more: Readonly<Record<string, string>> = {}): void => {
  if (!socket.writable) return void socket.destroy()
  const headers = { ...failureHeaders(failure), ...more, Date: new Date().toUTCString(), Connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? ''}`, ...lines]
  socket.on('error', () => {}).end(`${head.join('\r\n')}\r\n\r\n${failure.text}`)
  socket.resume()
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
