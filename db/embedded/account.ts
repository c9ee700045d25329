import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { UserError } from '../commandLine.ts'

const execute = promisify(execFile)

/** A user of the operating system. */
export type Account = { readonly uid: number; readonly gid: number }

/**
 * The account to run PostgreSQL as, undefined for this process's own. PostgreSQL refuses to run as root, so for root it
 * is the owner of the data, else the user who called `sudo`, else `postgres` or `nobody`.
 */
export const chooseAccount = async (data: string): Promise<Account | undefined> => {
  if (process.geteuid?.() !== 0) return undefined
  const owner = await stat(data).catch(() => undefined)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const account = callerOfSudo() ?? (await findAccount('postgres')) ?? (await findAccount('nobody')) ?? nobody
  if (await succeeds('true', [], account)) return account
  throw new UserError(
    'PostgreSQL does not run as root, and root may become no other account here: run as another user, or set DATABASE_URL.',
  )
}

const nobody: Account = { uid: 65_534, gid: 65_534 }

const callerOfSudo = (): Account | undefined => {
  const [uid, gid] = [Number(process.env.SUDO_UID ?? 0), Number(process.env.SUDO_GID ?? 0)]
  return uid > 0 && gid > 0 ? { uid, gid } : undefined
}

const findAccount = async (name: string): Promise<Account | undefined> => {
  const ids = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])]).catch(() => undefined)
  return ids && { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) }
}

/** True if an account has a name; that of `docker run -u 1234` has none. */
export const hasName = (account: Account | undefined): Promise<boolean> =>
  succeeds('id', ['-un', String(account?.uid ?? process.geteuid?.())])

/** True if a command, run as an account, exits with 0. */
export const succeeds = (command: string, args: readonly string[], account?: Account): Promise<boolean> =>
  execute(command, args, { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  )

/** True if an account can enter a folder and all folders above it. */
export const canEnter = (folder: string, account: Account | undefined): Promise<boolean> =>
  succeeds('test', ['-x', folder], account)
