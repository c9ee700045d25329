import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fchownSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { UserError } from '../commandLine.ts'
import type { Installation } from './installation.ts'
import type { Settings } from './server.ts'

/**
 * Keeps a server running until `release`, which resolves when the server has stopped or others hold it, or this process
 * exits.
 */
export type Hold = { readonly url: string; readonly release: () => Promise<void> }

/** Starts or joins an installation's server, and starts it again whenever it exits while held. */
export const hold = async (installation: Installation, settings: Settings): Promise<Hold> => {
  const state = { isReleased: false, ...(await join(installation, settings)) }

  const keepJoined = async (): Promise<void> => {
    for (;;) {
      await closed(state.socket)
      if (state.isReleased) return
      console.error('The embedded PostgreSQL has ended: starting it again.')
      const socket = await rejoin()
      if (!socket) return
      state.socket = socket
      if (state.isReleased) return disconnect(socket)
    }
  }
  const rejoin = async (): Promise<Socket | undefined> => {
    for (let delayMs = 100; !state.isReleased; delayMs = Math.min(2 * delayMs, 5000)) {
      const joined = await join(installation, settings).catch(() => undefined)
      if (joined) return joined.socket
      await setTimeout(delayMs, undefined, { ref: false })
    }
    return undefined
  }
  const untilReleased = keepJoined()
  return {
    url: state.url,
    release: async () => {
      state.isReleased = true
      await disconnect(state.socket)
      // A server that has just been started again is stopped, too.
      await untilReleased
    },
  }
}

const disconnect = async (socket: Socket): Promise<void> => {
  socket.ref()
  const hasClosed = closed(socket)
  socket.end()
  await hasClosed
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })

/** Connects to the keeper, started if need be, and waits until its server accepts connections. */
const join = async (installation: Installation, settings: Settings): Promise<{ socket: Socket; url: string }> => {
  let keeper: ChildProcess | undefined
  for (let started = 0; ; await setTimeout(20)) {
    const socket = await connectTo(installation.hold)
    const message = socket && (await readMessage(socket))
    if (socket && message?.url !== undefined) return { socket, url: message.url }
    if (message?.failed !== undefined) throw new UserError(message.failed)
    // The keeper was stopping, or there is none yet.
    if (keeper && keeper.exitCode === null && keeper.signalCode === null) continue
    if (started === 20)
      throw new UserError(`The embedded PostgreSQL is not kept running: ${await lastLogLine(installation)}`)
    started += 1
    keeper = startKeeper(installation, settings)
  }
}

const connectTo = async (path: string): Promise<Socket | undefined> => {
  const socket = connect(path)
  socket.on('error', () => {}).write('hold')
  await Promise.race([once(socket, 'connect'), closed(socket)]).catch(() => {})
  return socket.closed || socket.destroyed ? undefined : socket
}

type Message = { readonly url?: string; readonly failed?: string }

/** The keeper's first message, undefined if it closes the connection without one. */
const readMessage = (socket: Socket): Promise<Message | undefined> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (data) => {
      text += String(data)
      if (!text.includes('\n')) return
      // A held server does not keep this process alive.
      socket.unref()
      resolve(JSON.parse(text) as Message)
    })
    socket.once('close', () => resolve(undefined))
  })

const logOf = (installation: Installation): string => `${installation.data}.log`

// Detached, so that the Ctrl-C that ends this process does not reach it.
const startKeeper = (installation: Installation, settings: Settings): ChildProcess => {
  const log = openSync(logOf(installation), 'w', 0o600)
  if (installation.account) fchownSync(log, installation.account.uid, installation.account.gid)
  const script = fileURLToPath(new URL('keeper.ts', import.meta.url))
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = spawn(process.execPath, ['--import', loader, script, JSON.stringify({ installation, settings })], {
    cwd: '/',
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  child.unref()
  return child
}

const lastLogLine = async (installation: Installation): Promise<string> => {
  const text = await readFile(logOf(installation), 'utf8').catch(() => '')
  return text.trim().split('\n').at(-1) || `see ${logOf(installation)}`
}
