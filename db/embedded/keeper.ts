import { once } from 'node:events'
import { chown, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { lockFile } from './lock.ts'
import type { Place } from './place.ts'
import { startServer, type Settings } from './server.ts'

// The process that runs an embedded PostgreSQL for as long as somebody holds it: a hold is a connection to its socket,
// which the system closes when the owner dies. Its lock makes it the only one that starts and stops that server.

const { place, settings } = JSON.parse(process.argv[2] ?? '') as { place: Place; settings: Settings }
process.umask(0o077)
const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => resolve(true)).on('error', () => resolve(false))
    socket.on('close', () => resolve(false)).on('connect', () => socket.destroy())
  })
const giveAway = async (path: string) => {
  if (place.account) await chown(path, place.account.uid, place.account.gid)
}

// The keeper before may still be stopping the server. One that answers leaves nothing to do.
while (!(await lockFile(place.lock, 500))) if (await answers(place.hold)) process.exit(0)
await giveAway(place.lock)
await rm(place.hold, { force: true })

const holders = new Set<Socket>()
let news = ''
let isEnding = false
const door = createServer({ allowHalfOpen: true }, (caller) => {
  // Who says nothing only wants to know whether somebody is there.
  caller.once('data', () => {
    holders.add(caller)
    caller.write(news)
  })
  const leave = () => {
    // The last one learns that it may go when the server has ended.
    if (holders.size === 1 && holders.has(caller)) void end()
    else {
      holders.delete(caller)
      caller.end()
    }
  }
  caller.on('end', leave).on('error', leave).resume()
}).listen(place.hold)
await once(door, 'listening')
await giveAway(place.hold)

const starting = startServer(place, settings)

/** Whoever comes from now on finds nobody, and starts a keeper that waits for this one to be gone. */
const end = async (): Promise<void> => {
  if (isEnding) return
  isEnding = true
  door.close()
  await starting.then((server) => server.stop()).catch(() => {})
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end())

try {
  const server = await starting
  news = `${JSON.stringify({ url: server.url })}\n`
  for (const holder of holders) holder.write(news)
  await Promise.race([server.ended, setTimeout(10_000)])
  if (holders.size === 0) await end()
  await server.ended
} catch (error) {
  news = `${JSON.stringify({ failed: (error as Error).message })}\n`
  await Promise.all(
    [...holders].map((holder) => new Promise<void>((resolve) => holder.end(news, resolve).once('close', resolve))),
  )
}
// Those who hold notice, and start it again. One that is being stopped says so itself.
if (!isEnding) {
  door.close()
  process.exit()
}
