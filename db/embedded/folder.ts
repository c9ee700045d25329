import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder for the embedded PostgreSQL's data and the rows that imports reject: `ATELIER_DATA`, or `.atelier` in the
 * project. If that is not writable, a fallback folder, the same for each run.
 */
export const dataFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  if (env.ATELIER_DATA) return env.ATELIER_DATA
  const usual = fileURLToPath(new URL('../../.atelier', import.meta.url))
  if (isWritable(existsSync(usual) ? usual : dirname(usual))) return usual
  const fallback = fallbackFolders(env).find(makePrivateFolder)
  return fallback === undefined ? usual : join(fallback, shortHash(usual))
}

/**
 * Folders outside the project that may hold its data, in order of preference. Those of root can be entered by all
 * accounts.
 */
export const fallbackFolders = (env: NodeJS.ProcessEnv = process.env): readonly string[] => {
  const uid = process.geteuid?.()
  if (uid === 0) return ['/var/lib/atelierx', '/var/tmp/atelierx', join(tmpdir(), 'atelierx')]
  return [
    ...(env.XDG_DATA_HOME ? [join(env.XDG_DATA_HOME, 'atelierx')] : []),
    ...(env.HOME ? [join(env.HOME, '.local/share/atelierx')] : []),
    `/var/tmp/atelierx-${uid}`,
    join(tmpdir(), `atelierx-${uid}`),
  ]
}

/** Twelve hex digits that stand for a path in the name of a folder. */
export const shortHash = (path: string): string => createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12)

/** Creates a folder that only this user can write to; false if that fails, or the folder is another's. */
export const makePrivateFolder = (path: string): boolean => {
  const uid = process.geteuid?.()
  const umask = process.umask(0)
  try {
    mkdirSync(path, { recursive: true, mode: uid === 0 ? 0o711 : 0o700 })
    const found = lstatSync(path)
    // Anyone can create it in /tmp first.
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
