import { createServer } from 'node:http'

/** An answer as it goes over the wire. */
export type Sent = { readonly status: number; readonly headers: Record<string, string>; readonly body: string }

// The limit that the API is measured against: a server that sends the same bytes and does nothing else. It is given the
// answers by its parent, and tells it its port.
let answers: readonly Sent[] = []
let next = 0

const server = createServer((_request, response) => {
  const { status, headers, body } = answers[(next = (next + 1) % answers.length)] as Sent
  response.writeHead(status, headers)
  response.end(body)
})

process.on('message', (given: readonly Sent[]) => {
  answers = given
  process.send?.('ready')
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())
