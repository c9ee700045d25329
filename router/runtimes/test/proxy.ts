import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

const source = `
  const { connect, createServer } = require('node:net')
  const { parentPort, workerData } = require('node:worker_threads')
  const sockets = new Set()
  const server = createServer((socket) => {
    const upstream = connect(workerData.target)
    for (const [from, to] of [[socket, upstream], [upstream, socket]]) {
      sockets.add(from)
      from.on('error', () => {}).on('close', () => to.destroy()).pipe(to)
    }
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
  parentPort.on('message', () => {
    for (const socket of sockets) socket.destroy()
    setTimeout(() => {
      Atomics.store(workerData.done, 0, 1)
      Atomics.notify(workerData.done, 0)
    }, 100)
  })`

/**
 * Starts a proxy to the server of a URL, in a thread of its own. `cut` closes its connections without a word of the
 * server, and returns when that is done: this thread does nothing meanwhile.
 */
export const startProxy = async (url: string) => {
  const address = new URL(url)
  const host = address.searchParams.get('host')
  const port = address.port || '5432'
  const target = host?.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host: address.hostname, port }
  const done = new Int32Array(new SharedArrayBuffer(4))
  const thread = new Worker(source, { eval: true, workerData: { target, done } })
  const [own] = (await once(thread, 'message')) as [number]
  address.searchParams.delete('host')
  address.host = `127.0.0.1:${own}`
  const cut = (): void => {
    thread.postMessage('cut')
    Atomics.wait(done, 0, 0)
  }
  return { url: address.href, cut, stop: async () => void (await thread.terminate()) }
}
