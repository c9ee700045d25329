import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, openSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Locks a file until this process exits; false if another process keeps the lock for `timeoutMs`. */
export const lockFile = async (path: string, timeoutMs: number): Promise<boolean> => {
  if (process.platform === 'darwin') return lockWhileOpening(path, timeoutMs)
  const file = openSync(path, 'a', 0o600)
  // The lock belongs to the open file, which this process shares with the command and keeps open.
  const command = spawn('flock', ['--exclusive', '--wait', String(timeoutMs / 1000), '3'], {
    stdio: ['ignore', 'ignore', 'ignore', file],
  })
  const [status] = (await once(command, 'exit')) as [number | null]
  return status === 0
}

const exclusive = 0x20 // O_EXLOCK, which Node does not name.

const lockWhileOpening = async (path: string, timeoutMs: number): Promise<boolean> => {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusive
  for (const end = performance.now() + timeoutMs; performance.now() < end; await setTimeout(50)) {
    try {
      openSync(path, flags, 0o600)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
  return false
}
