import { createServer } from 'node:http'

/** An answer as it goes over the wire. */
export type CannedResponse = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

// The server that the API is measured against: it sends the same bytes and does nothing else. Its parent sends it the
// answers, and is sent its address.
let answers: readonly CannedResponse[] = []
let next = 0

const server = createServer((_request, response) => {
  const { status, headers, body } = answers[(next = (next + 1) % answers.length)] as CannedResponse
  response.writeHead(status, headers)
  response.end(body)
})

process.on('message', (message: readonly CannedResponse[]) => {
  answers = message
  process.send?.('ready')
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())
