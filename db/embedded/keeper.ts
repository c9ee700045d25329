import { once } from 'node:events'
import { chown, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { lockFile } from './lock.ts'
import type { Installation } from './installation.ts'
import { startServer, type Settings } from './server.ts'

// The process that runs an embedded PostgreSQL while at least one other process holds it. A hold is a connection to the
// keeper's socket, which the system closes when the holder dies. The lock makes one keeper start and stop the server.

const { installation, settings } = JSON.parse(process.argv[2] ?? '') as {
  installation: Installation
  settings: Settings
}
process.umask(0o077)
const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => resolve(true)).on('error', () => resolve(false))
    socket.on('close', () => resolve(false)).on('connect', () => socket.destroy())
  })
const giveToAccount = async (path: string) => {
  if (installation.account) await chown(path, installation.account.uid, installation.account.gid)
}

// The previous keeper may still be stopping the server. If one answers, this one is not needed.
while (!(await lockFile(installation.lock, 500))) if (await answers(installation.hold)) process.exit(0)
await giveToAccount(installation.lock)
await rm(installation.hold, { force: true })

const holders = new Set<Socket>()
let message = ''
let isEnding = false
const listener = createServer({ allowHalfOpen: true }, (holder) => {
  // A connection that sends nothing only checks that a keeper is there.
  holder.once('data', () => {
    // Too late for this keeper: the holder looks for the next one.
    if (isEnding) {
      holder.destroy()
      return
    }
    holders.add(holder)
    holder.write(message)
  })
  const leave = () => {
    // The last connection stays open until the server has stopped.
    if (holders.size === 1 && holders.has(holder)) void end()
    else {
      holders.delete(holder)
      holder.end()
    }
  }
  holder.on('end', leave).on('error', leave).resume()
}).listen(installation.hold)
await once(listener, 'listening')
await giveToAccount(installation.hold)

const starting = startServer(installation, settings)

/** Stops the server and exits. New holders find no keeper, and start one that waits for this one's lock. */
const end = async (): Promise<void> => {
  if (isEnding) return
  isEnding = true
  listener.close()
  await starting.then((server) => server.stop()).catch(() => {})
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end())

try {
  const server = await starting
  message = `${JSON.stringify({ url: server.url })}\n`
  for (const holder of holders) holder.write(message)
  await Promise.race([server.ended, setTimeout(10_000)])
  if (holders.size === 0) await end()
  await server.ended
} catch (error) {
  message = `${JSON.stringify({ failed: (error as Error).message })}\n`
  await Promise.all(
    [...holders].map((holder) => new Promise<void>((resolve) => holder.end(message, resolve).once('close', resolve))),
  )
}
// The server has exited: the holders see their connections close and start a keeper again.
if (!isEnding) {
  listener.close()
  process.exit()
}
