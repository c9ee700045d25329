import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of what the project keeps, the embedded PostgreSQL's data and the rows that imports rejected: `ATELIER_DATA`,
 * or `.atelier` in the project; where nothing can be written there, one of the user's own, the same each time.
 */
export const dataFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  if (env.ATELIER_DATA) return env.ATELIER_DATA
  const usual = fileURLToPath(new URL('../../.atelier', import.meta.url))
  if (isWritable(existsSync(usual) ? usual : dirname(usual))) return usual
  const own = homes(env).find(makeOwn)
  return own === undefined ? usual : join(own, nameOf(usual))
}

/** Folders outside of the project that may take its data, the best first. Other accounts can pass through those of root. */
export const homes = (env: NodeJS.ProcessEnv = process.env): readonly string[] => {
  const uid = process.geteuid?.()
  if (uid === 0) return ['/var/lib/atelierx', '/var/tmp/atelierx', join(tmpdir(), 'atelierx')]
  return [
    ...(env.XDG_DATA_HOME ? [join(env.XDG_DATA_HOME, 'atelierx')] : []),
    ...(env.HOME ? [join(env.HOME, '.local/share/atelierx')] : []),
    `/var/tmp/atelierx-${uid}`,
    join(tmpdir(), `atelierx-${uid}`),
  ]
}

/** A short name for what belongs to a path. */
export const nameOf = (path: string): string => createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12)

/** Makes a folder that is this user's alone to write to; false where that cannot be, or it is another's. */
export const makeOwn = (path: string): boolean => {
  const uid = process.geteuid?.()
  const umask = process.umask(0)
  try {
    mkdirSync(path, { recursive: true, mode: uid === 0 ? 0o711 : 0o700 })
    const found = lstatSync(path)
    // Others can write to /tmp too, and what they put there is not to be trusted.
    return found.isDirectory() && found.uid === uid && (found.mode & 0o022) === 0 && isWritable(path)
  } catch {
    return false
  } finally {
    process.umask(umask)
  }
}

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
