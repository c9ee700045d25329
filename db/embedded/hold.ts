import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fchownSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { UserError } from '../commandLine.ts'
import type { Place } from './place.ts'
import type { Settings } from './server.ts'

/** A claim on the server of a place, which ends with this process. `release` resolves when the server is gone, or another holds it. */
export type Hold = { readonly url: string; readonly release: () => Promise<void> }

/** Holds the server of a place, which is started if need be, and again whenever it ends under the hold. */
export const hold = async (place: Place, settings: Settings): Promise<Hold> => {
  const state = { isReleased: false, ...(await join(place, settings)) }

  const stay = async (): Promise<void> => {
    for (;;) {
      await closed(state.socket)
      if (state.isReleased) return
      console.error('The embedded PostgreSQL has ended: starting it again.')
      state.socket = await rejoin()
      if (state.isReleased) return leave(state.socket)
    }
  }
  const rejoin = async (): Promise<Socket> => {
    for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 5000)) {
      const joined = await join(place, settings).catch(() => undefined)
      if (joined) return joined.socket
      await setTimeout(waitMs, undefined, { ref: false })
    }
  }
  void stay()
  return {
    url: state.url,
    release: async () => {
      state.isReleased = true
      await leave(state.socket)
    },
  }
}

const leave = async (socket: Socket): Promise<void> => {
  socket.ref()
  const over = closed(socket)
  socket.end()
  await over
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })

/** A connection to the keeper of a place, which has said that its server runs. */
const join = async (place: Place, settings: Settings): Promise<{ socket: Socket; url: string }> => {
  let keeper: ChildProcess | undefined
  for (let started = 0; ; await setTimeout(20)) {
    const socket = await reach(place.hold)
    const news = socket && (await read(socket))
    if (socket && news?.url !== undefined) return { socket, url: news.url }
    if (news?.failed !== undefined) throw new UserError(news.failed)
    // It was ending, or nobody was there.
    if (keeper && keeper.exitCode === null && keeper.signalCode === null) continue
    if (started === 20) throw new UserError(`The embedded PostgreSQL is not kept running: ${await lastWords(place)}`)
    started += 1
    keeper = startKeeper(place, settings)
  }
}

const reach = async (path: string): Promise<Socket | undefined> => {
  const socket = connect(path)
  socket.on('error', () => {}).write('hold')
  await Promise.race([once(socket, 'connect'), closed(socket)]).catch(() => {})
  return socket.closed || socket.destroyed ? undefined : socket
}

type News = { readonly url?: string; readonly failed?: string }

/** What a keeper says first; undefined when it goes without a word. */
const read = (socket: Socket): Promise<News | undefined> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (data) => {
      text += String(data)
      if (!text.includes('\n')) return
      // A hold alone keeps nobody from ending.
      socket.unref()
      resolve(JSON.parse(text) as News)
    })
    socket.once('close', () => resolve(undefined))
  })

const logOf = (place: Place): string => `${place.data}.log`

/** In a session of its own: the Ctrl-C that ends this process does not reach it. */
const startKeeper = (place: Place, settings: Settings): ChildProcess => {
  const log = openSync(logOf(place), 'w', 0o600)
  if (place.account) fchownSync(log, place.account.uid, place.account.gid)
  const script = fileURLToPath(new URL('keeper.ts', import.meta.url))
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = spawn(process.execPath, ['--import', loader, script, JSON.stringify({ place, settings })], {
    cwd: '/',
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  child.unref()
  return child
}

const lastWords = async (place: Place): Promise<string> => {
  const text = await readFile(logOf(place), 'utf8').catch(() => '')
  return text.trim().split('\n').at(-1) || `see ${logOf(place)}`
}
