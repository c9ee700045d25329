import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Requests } from './load.ts'

/**
 * So many requests a second, whether earlier ones are answered or not, over at most so many connections at once; then, if
 * it says so, at another rate.
 */
export type Arrivals = Stage & { readonly connections: number; readonly next?: Stage }
type Stage = { readonly rate: number; readonly seconds: number }

/** When a request was due, sent and answered, in ms from the start, and the status: 0, if there was no answer. */
export type Answered = {
  readonly due: number
  readonly sent: number
  readonly end: number
  readonly status: number
  readonly later: boolean
}

/** What came of a load. `unsent` are requests that were due while every connection was waiting for an answer. */
export type Outcome = { readonly answers: readonly Answered[]; readonly unsent: number }

type Connection = {
  readonly socket: Socket
  due: number
  sent: number
  left: number
  status: number
  later: boolean
  isBusy: boolean
}

const patienceMs = 5000

/**
 * Sends requests at a steady rate. One that is sent late counts from when it was due, so a server that stalls is seen to;
 * a generator that waits for answers would leave out just the requests of that time. It speaks the least HTTP that does,
 * since it shares the machine with the server: one request at a time on a connection, and answers that tell their length.
 */
export const arrive = async (url: string, requests: Requests, arrivals: Arrivals): Promise<Outcome> => {
  const { connections, next } = arrivals
  const textOf = writerOf(url, requests)
  const all = new Set<Connection>()
  const free: Connection[] = []
  const answers = listOf(countOf(arrivals) + (next ? countOf(next) : 0))
  let unsent = 0

  const settle = (connection: Connection, status: number): void => {
    connection.isBusy = false
    answers.add(connection, performance.now() - begin, status)
  }
  // One piece of memory for all that is read: with one for each piece, collecting them stops the load ever so often.
  const room = Buffer.alloc(1 << 16)
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const callback = (length: number): boolean => {
        read(connection, room.subarray(0, length))
        if (connection.left > 0) return true
        if (connection.isBusy) settle(connection, connection.status)
        free.push(connection)
        resolve()
        return true
      }
      const { hostname: host, port } = new URL(url)
      const socket = connect({ host, port: Number(port), noDelay: true, onread: { buffer: room, callback } })
      const connection: Connection = { socket, due: 0, sent: 0, left: 0, status: 0, later: false, isBusy: false }
      all.add(connection)
      socket.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      socket.on('error', reject)
      socket.on('close', () => {
        all.delete(connection)
        if (connection.isBusy) settle(connection, 0)
        else if (free.includes(connection)) free.splice(free.indexOf(connection), 1)
      })
    })
  const send = (due: number, index: number): void => {
    const connection = free.pop()
    if (!connection) return void (unsent += 1)
    connection.due = due
    connection.sent = performance.now() - begin
    connection.isBusy = true
    connection.socket.write(textOf(index), 'latin1')
  }

  // Before the load, with an answer on each: how fast a server accepts connections is another question.
  while (all.size < connections) await Promise.all(Array.from({ length: Math.min(64, connections - all.size) }, open))
  const begin = performance.now()
  const keep = async ({ rate, seconds }: Stage, from: number): Promise<void> => {
    for (let sent = 0; sent < rate * seconds; await sleep(1)) {
      const due = Math.min(seconds, (performance.now() - begin - from) / 1000) * rate
      for (; sent < due; sent += 1) send(from + (sent / rate) * 1000, sent)
    }
  }
  await keep(arrivals, 0)
  if (next) await keep(next, arrivals.seconds * 1000)
  const end = performance.now() + patienceMs
  while (free.length < all.size && performance.now() < end) await sleep(10)
  for (const { socket } of all) socket.destroy()
  while (all.size > 0) await sleep(1)
  return { answers: answers.all(), unsent }
}

const countOf = ({ rate, seconds }: Stage): number => Math.ceil(rate * seconds)

/** Answers as plain numbers: as objects, so many that last would stop the load whenever their memory is looked through. */
const listOf = (most: number) => {
  const numbers = new Float64Array(5 * most)
  let length = 0
  return {
    add: ({ due, sent, later }: Connection, answered: number, status: number): void => {
      numbers.set([due, sent, answered, status, Number(later)], length)
      length += 5
    },
    all: (): Answered[] =>
      Array.from({ length: length / 5 }, (_, index) => {
        const [due = 0, sent = 0, end = 0, status = 0, later] = numbers.subarray(5 * index, 5 * index + 5)
        return { due, sent, end, status, later: later === 1 }
      }),
  }
}

/** Writes each request when it is sent, the paths in turn: all texts at once would last, too. */
const writerOf = (url: string, { method, paths, body }: Requests): ((index: number) => string) => {
  const more = body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
  const rest = ` HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${more}\r\n${body ?? ''}`
  return (index) => `${method} ${paths[index % paths.length]}${rest}`
}

/** Reads a piece of an answer: its status from the first, and from all how much of it is left. */
const read = (connection: Connection, chunk: Buffer): void => {
  if (connection.left > 0) {
    connection.left -= chunk.length
    return
  }
  const ends = chunk.indexOf('\r\n\r\n') + 4
  const head = chunk.toString('latin1', 0, ends)
  connection.status = Number(head.slice(9, 12))
  connection.later = connection.status === 503 && /\r\nretry-after: /i.test(head)
  connection.left = ends + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) - chunk.length
}
