import { once } from 'node:events'
import { type AddressInfo, createServer, type NetConnectOpts, type Socket, connect } from 'node:net'
import { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** A change to the bytes of both directions; an empty one passes them on. */
export type LinkFault = {
  /** Each piece arrives this much later. */
  readonly latencyMs?: number
  readonly bytesPerSecond?: number
  /** Bytes are taken and never delivered, as by a peer that lost its power. */
  readonly isSilent?: boolean
  /** The same, but only on the way back: requests arrive, and their answers are lost. */
  readonly losesAnswers?: boolean
  /** New connections are refused. */
  readonly isRefusing?: boolean
}

/** A TCP proxy on loopback that makes a link fail. */
export type FaultProxy = {
  readonly port: number
  /** The bytes that it has delivered, both ways together. */
  readonly delivered: () => number
  /** Changes the fault of open connections and of later ones. */
  readonly set: (fault: LinkFault) => void
  /** Ends all connections: with a FIN, or as `reset` with a RST. */
  readonly cut: (way?: 'end' | 'reset') => void
  readonly close: () => Promise<void>
}

/** Starts a proxy to a server: `{ port, host }`, or the `path` of a Unix socket. */
export const startFaultProxy = async (target: NetConnectOpts): Promise<FaultProxy> => {
  let fault: LinkFault = {}
  let delivered = 0
  const count = (bytes: number) => (delivered += bytes)
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A reset reaches the other side through its own socket.
    socket.on('error', () => {})
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client)
    if (fault.isRefusing) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect({ ...target, allowHalfOpen: true })
    keep(upstream)
    client.pipe(link(() => fault, 'there', count)).pipe(upstream)
    upstream.pipe(link(() => fault, 'back', count)).pipe(client)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (way: 'end' | 'reset' = 'end') => {
    for (const socket of sockets) {
      // A Unix socket has no RST.
      if (way === 'reset' && socket.remoteFamily !== undefined) socket.resetAndDestroy()
      else socket.destroy()
    }
  }
  return {
    port: (server.address() as AddressInfo).port,
    delivered: () => delivered,
    set: (next) => (fault = next),
    cut,
    close: async () => {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}

/** One direction of a connection. Its order is kept, as each piece waits for the one before it. */
const link = (faultNow: () => LinkFault, direction: 'there' | 'back', count: (bytes: number) => void): Duplex =>
  Duplex.from(async function* deliver(pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      const { latencyMs = 0, bytesPerSecond = Infinity, isSilent, losesAnswers } = faultNow()
      if (isSilent || (losesAnswers && direction === 'back')) continue
      const delayMs = latencyMs + (piece.length / bytesPerSecond) * 1000
      if (delayMs > 0) await sleep(delayMs, undefined, { ref: false })
      count(piece.length)
      yield piece
    }
  })
