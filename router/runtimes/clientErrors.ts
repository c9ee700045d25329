import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Failure, httpFailures } from '../../handlers/failure.ts'
import { answer, headersWith, textPlain } from '../response.ts'

const failures: Readonly<Record<string, Failure>> = {
  ERR_HTTP_REQUEST_TIMEOUT: httpFailures.requestTimeout,
  HPE_HEADER_OVERFLOW: httpFailures.headersTooLarge,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: httpFailures.bodyTooLarge,
}
const methods = 'GET, HEAD, POST, PUT, OPTIONS'
// A client that still sends would be reset before it has read why.
const lingerMs = 1000

/** Has a server word as the API does what Node refuses before an app hears of it: status, text and headers. */
export const wordRefusals = (server: Server): void => {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => latest.set(request.socket, response))

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const failure = failures[error.code ?? ''] ?? httpFailures.malformedRequest
    const response = latest.get(socket)
    if (!response || response.writableFinished) return refuseAll(socket, failure)
    // What is wrong came after a request that is whole and has an answer of its own.
    if (response.req.complete) return response.once('finish', () => refuseAll(socket, failure))
    if (response.headersSent) return socket.destroy()
    refuseAll(socket, failure)
  })
  server.on('connect', (_, socket) => refuseAll(socket, httpFailures.methodNotAllowed, { Allow: methods }))
  server.on('checkExpectation', (_, response: ServerResponse) => {
    const { status, text } = httpFailures.expectationFailed
    response.writeHead(status, headersOf(httpFailures.expectationFailed)).end(text)
  })
}

/** The answer to a request that no URL can be made of, and to what is thrown where no app can catch it. */
export const refuseError = (error: unknown): Response => {
  const failure =
    error instanceof Error && error.name === 'RequestError' ? httpFailures.malformedRequest : httpFailures.serverFault
  return answer(failure.status, failure.text, headersOf(failure))
}

const headersOf = ({ text }: Failure) =>
  headersWith({
    'Content-Type': textPlain,
    'Content-Length': String(Buffer.byteLength(text)),
    'Cache-Control': 'no-store',
  })

/** Answers by hand and ends the connection: what follows in it cannot be told apart. */
const refuseAll = (socket: Duplex, failure: Failure, more: Readonly<Record<string, string>> = {}): void => {
  if (!socket.writable) return void socket.destroy()
  const headers = { ...headersOf(failure), ...more, Date: new Date().toUTCString(), Connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${failure.status} ${STATUS_CODES[failure.status] ?? ''}`, ...lines]
  socket.on('error', () => {}).end(`${head.join('\r\n')}\r\n\r\n${failure.text}`)
  socket.resume()
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
