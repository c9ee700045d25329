import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { UserError } from '../commandLine.ts'

const execute = promisify(execFile)

/** An account of the system, by its numbers. */
export type Account = { readonly uid: number; readonly gid: number }

/**
 * The account that PostgreSQL runs as, which refuses to run as root: undefined for the one that this process has; as root
 * that of the data which is there, of the one who called `sudo`, `postgres` or `nobody`.
 */
export const accountFor = async (data: string): Promise<Account | undefined> => {
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

/** Whether the system has a name for an account, as it has none for the user of `docker run -u 1234`. */
export const hasName = (account: Account | undefined): Promise<boolean> =>
  succeeds('id', ['-un', String(account?.uid ?? process.geteuid?.())])

/** Whether a command ends well as an account. */
export const succeeds = (command: string, args: readonly string[], account?: Account): Promise<boolean> =>
  execute(command, args, { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  )

/** Whether an account can enter a folder, along all of its path. */
export const canEnter = (folder: string, account: Account | undefined): Promise<boolean> =>
  succeeds('test', ['-x', folder], account)
