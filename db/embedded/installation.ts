import { execFile } from 'node:child_process'
import { access, chmod, chown, constants, lstat, mkdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../commandLine.ts'
import { type Account, chooseAccount, canEnter } from './account.ts'
import { type Binaries, findRunnableBinaries } from './binaries.ts'
import { fallbackFolders, makePrivateFolder, shortHash } from './folder.ts'

/** The programs, folders and sockets of an embedded PostgreSQL, all accessible to its account. */
export type Installation = {
  readonly account: Account | undefined
  readonly binaries: Binaries
  /** The data folder, which may not exist yet. */
  readonly data: string
  /** The folder of its socket: the data folder, or one with a shorter path. */
  readonly sockets: string
  /** The socket of its keeper. */
  readonly hold: string
  /** The file that its keeper locks. */
  readonly lock: string
  /** A line for the user if the data is not in the requested folder. */
  readonly notice: string | undefined
}

/**
 * Chooses the account, programs and folders for a requested folder, the same each time. Creates folders but no data.
 */
export const findInstallation = async (folder: string): Promise<Installation> => {
  const account = await chooseAccount(join(folder, 'postgres'))
  const { data, notice } = await findData(folder, account)
  const sockets = fits(data) ? data : await shortFolder(data, account)
  return {
    account,
    binaries: await findRunnableBinaries(account),
    data,
    sockets,
    hold: sockets === data ? `${data}.hold` : join(sockets, 'hold'),
    lock: `${data}.lock`,
    notice,
  }
}

// The address of a Unix socket holds 107 bytes, and 103 on macOS.
const fits = (folder: string): boolean => Buffer.byteLength(join(folder, '.s.PGSQL.65535')) <= 103

const findData = async (folder: string, account: Account | undefined) => {
  const wanted = resolve(folder, 'postgres')
  const isUsable = await makeUsable(dirname(wanted), wanted, account)
  if (isUsable && (await exists(wanted))) return { data: wanted, notice: undefined }
  const others = fallbackFolders().map((home) => ({ home, data: join(home, shortHash(folder), 'postgres') }))
  const found = await findFirst(others, ({ data }) => exists(data))
  if (isUsable && !found) return { data: wanted, notice: undefined }
  const other =
    found ??
    (await findFirst(
      others,
      async (at) => makePrivateFolder(at.home) && makeUsable(dirname(at.data), at.data, account),
    ))
  if (!other) {
    throw new UserError(
      `PostgreSQL can keep its data neither in ${resolve(folder)} nor in ${fallbackFolders().join(' or ')}: set ATELIER_DATA to a folder that it can write to, or set DATABASE_URL.`,
    )
  }
  // The account can no longer reach its data: the project was moved, or a folder above it closed.
  if (account && !found && (await exists(wanted))) await promisify(execFile)('mv', [wanted, other.data])
  const reason = account ? `can be reached by no account but root` : `cannot be written to`
  const notice = `${resolve(folder)} ${reason}: PostgreSQL has its data in ${dirname(other.data)} (ATELIER_DATA names another folder).`
  return { data: other.data, notice }
}

const findFirst = async <Item>(items: readonly Item[], holds: (item: Item) => Promise<boolean>) => {
  for (const item of items) if (await holds(item)) return item
  return undefined
}

/** Creates a folder if need be; true if the account can reach it and own data in it. */
const makeUsable = async (folder: string, data: string, account: Account | undefined): Promise<boolean> => {
  try {
    await makeFolders(folder, account)
    if (account) return await canEnter(folder, account)
    await access(folder, constants.W_OK | constants.X_OK)
    const owner = await stat(data).catch(() => undefined)
    return !owner || owner.uid === process.geteuid?.()
  } catch {
    return false
  }
}

/** Creates folders that the account can enter, whatever the umask; under `sudo` they belong to the caller. */
const makeFolders = async (folder: string, account: Account | undefined): Promise<void> => {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined || !account) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await chmod(made, 0o711)
    if (String(account.uid) === process.env.SUDO_UID) await chown(made, account.uid, account.gid)
  }
}

const shortFolder = async (data: string, account: Account | undefined): Promise<string> => {
  const uid = account?.uid ?? process.geteuid?.()
  const { XDG_RUNTIME_DIR } = process.env
  const roots = [...(account || !XDG_RUNTIME_DIR ? [] : [XDG_RUNTIME_DIR]), '/tmp', tmpdir()]
  for (const root of roots) {
    const folder = join(root, `atelierx-${uid}-${shortHash(data)}`)
    if (!fits(folder)) continue
    const isNew = await mkdir(folder, { mode: 0o700 }).then(
      () => true,
      () => false,
    )
    if (isNew && account) await chown(folder, account.uid, account.gid)
    const found = await lstat(folder).catch(() => undefined)
    // Anyone can create it in /tmp first.
    if (found?.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder
  }
  throw new UserError(`The path ${data} is too long for PostgreSQL's socket: set ATELIER_DATA to a shorter one.`)
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
