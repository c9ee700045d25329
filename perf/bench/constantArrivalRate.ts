import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Request } from '../operations.ts'

/** A rate in requests a second, and how long it is kept. */
export type Stage = { readonly rate: number; readonly seconds: number }

/** Times in ms from the start of the load; the status is 0 where no answer came. */
export type Answer = {
  readonly scheduledAt: number
  readonly sentAt: number
  readonly endedAt: number
  readonly status: number
  readonly hasRetryAfter: boolean
}

type Connection = { readonly socket: Socket; isBusy: boolean; bytesLeft: number } & {
  -readonly [Name in keyof Answer]: Answer[Name]
}

export const isServed = ({ status }: Answer): boolean => status >= 200 && status < 300

const answerTimeoutMs = 5000

/**
 * Sends requests in turn at one rate after another, each on an idle connection, without waiting for earlier answers.
 * Calls `onAnswer` with an object that it reuses; `dropped` are requests that were due while no connection was idle.
 * k6 takes a core for 5000 requests/s and h2load sends in bursts: perf/experiments.md has the figures.
 */
export const sendAtRate = async (
  url: string,
  requests: readonly Request[],
  connections: number,
  stages: readonly Stage[],
  onAnswer: (answer: Answer) => void,
): Promise<{ dropped: number }> => {
  const { host, hostname, port } = new URL(url)
  const all = new Set<Connection>()
  const idle: Connection[] = []
  let dropped = 0

  const settle = (connection: Connection): void => {
    connection.isBusy = false
    connection.endedAt = performance.now() - begin
    onAnswer(connection)
  }
  // One buffer for all that is read: one for each piece is garbage whose collection stops the load.
  const buffer = Buffer.alloc(1 << 16)
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const callback = (length: number): boolean => {
        read(connection, buffer.subarray(0, length))
        if (connection.bytesLeft > 0) return true
        if (connection.isBusy) settle(connection)
        idle.push(connection)
        resolve()
        return true
      }
      const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback } })
      const times = { scheduledAt: 0, sentAt: 0, endedAt: 0 }
      const connection: Connection = { socket, ...times, status: 0, hasRetryAfter: false, isBusy: false, bytesLeft: 0 }
      all.add(connection)
      socket.write(toText({ method: 'GET', path: '/livez' }, host))
      socket.on('error', reject)
      socket.on('close', () => {
        all.delete(connection)
        if (connection.isBusy) settle(Object.assign(connection, { status: 0, hasRetryAfter: false }))
        else if (idle.includes(connection)) idle.splice(idle.indexOf(connection), 1)
      })
    })
  const send = (scheduledAt: number, index: number): void => {
    const connection = idle.pop()
    if (!connection) return void (dropped += 1)
    connection.isBusy = true
    connection.scheduledAt = scheduledAt
    connection.sentAt = performance.now() - begin
    connection.socket.write(toText(requests[index % requests.length] as Request, host))
  }

  // Before the load, with an answer on each: how fast a server accepts connections is another question.
  while (all.size < connections) await Promise.all(Array.from({ length: Math.min(64, connections - all.size) }, open))
  const begin = performance.now()
  let from = 0
  for (const { rate, seconds } of stages) {
    for (let count = 0; count < rate * seconds; await sleep(1)) {
      const due = Math.min(seconds, (performance.now() - begin - from) / 1000) * rate
      for (; count < due; count += 1) send(from + (count / rate) * 1000, count)
    }
    from += seconds * 1000
  }
  const end = performance.now() + answerTimeoutMs
  while (idle.length < all.size && performance.now() < end) await sleep(10)
  for (const { socket } of all) socket.destroy()
  while (all.size > 0) await sleep(1)
  return { dropped }
}

const toText = ({ method, path, body = '' }: Request, host: string): string => {
  const bodyHeaders = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
  return `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${body ? bodyHeaders : ''}\r\n${body}`
}

/** Takes a piece of an answer: the head from the first, and from all how many bytes of the body are left. */
const read = (connection: Connection, chunk: Buffer): void => {
  if (connection.bytesLeft > 0) {
    connection.bytesLeft -= chunk.length
    return
  }
  const headLength = chunk.indexOf('\r\n\r\n') + 4
  const head = chunk.toString('latin1', 0, headLength)
  connection.status = Number(head.slice(9, 12))
  connection.hasRetryAfter = /\r\nretry-after: /i.test(head)
  connection.bytesLeft = headLength + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) - chunk.length
}
