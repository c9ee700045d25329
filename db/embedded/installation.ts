import { execFile } from 'node:child_process'
import { access, chmod, chown, constants, lstat, mkdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../commandLine.ts'
import { type Account, accountFor, canEnter } from './account.ts'
import { type Binaries, binariesFor } from './binaries.ts'
import { homes, makeOwn, nameOf } from './folder.ts'

/** What an embedded PostgreSQL needs to run, all of it where its account can come. */
export type Place = {
  readonly account: Account | undefined
  readonly binaries: Binaries
  /** The folder of its data, which may not be there yet. */
  readonly data: string
  /** The folder of its socket: that of the data, or a short one. */
  readonly sockets: string
  /** The socket of its keeper, and the file that the keeper locks. */
  readonly hold: string
  readonly lock: string
  /** One line that says where the data lies, if not in the folder that was asked for. */
  readonly notice: string | undefined
}

/** Finds the place of the PostgreSQL of a folder, the same each time. Makes folders, and no data. */
export const findPlace = async (folder: string): Promise<Place> => {
  const account = await accountFor(join(folder, 'postgres'))
  const { data, notice } = await findData(folder, account)
  const sockets = fits(data) ? data : await shortFolder(data, account)
  return {
    account,
    binaries: await binariesFor(account),
    data,
    sockets,
    hold: sockets === data ? `${data}.hold` : join(sockets, 'hold'),
    lock: `${data}.lock`,
    notice,
  }
}

/** 107 bytes are what the address of a Unix socket holds, and 103 on macOS. */
const fits = (folder: string): boolean => Buffer.byteLength(join(folder, '.s.PGSQL.65535')) <= 103

const findData = async (folder: string, account: Account | undefined) => {
  const wanted = resolve(folder, 'postgres')
  const isUsable = await makeUsable(dirname(wanted), wanted, account)
  if (isUsable && (await exists(wanted))) return { data: wanted, notice: undefined }
  const others = homes().map((home) => ({ home, data: join(home, nameOf(folder), 'postgres') }))
  const found = await firstOf(others, ({ data }) => exists(data))
  if (isUsable && !found) return { data: wanted, notice: undefined }
  const other =
    found ?? (await firstOf(others, async (at) => makeOwn(at.home) && makeUsable(dirname(at.data), at.data, account)))
  if (!other) {
    throw new UserError(
      `PostgreSQL can keep its data neither in ${resolve(folder)} nor in ${homes().join(' or ')}: set ATELIER_DATA to a folder that it can write to, or set DATABASE_URL.`,
    )
  }
  // Data that is there already has been cut off: its project was moved, or a folder above it closed.
  if (account && !found && (await exists(wanted))) await promisify(execFile)('mv', [wanted, other.data])
  const reason = account ? `can be reached by no account but root` : `cannot be written to`
  const notice = `${resolve(folder)} ${reason}: PostgreSQL has its data in ${dirname(other.data)} (ATELIER_DATA names another folder).`
  return { data: other.data, notice }
}

const firstOf = async <Item>(items: readonly Item[], holds: (item: Item) => Promise<boolean>) => {
  for (const item of items) if (await holds(item)) return item
  return undefined
}

/** Makes a folder if need be, and says whether data in it can be what PostgreSQL wants: its account's, and reached by it. */
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

/** Whatever the umask, the account passes through a folder that root makes; under `sudo`, the caller finds it as their own. */
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
    const folder = join(root, `atelierx-${uid}-${nameOf(data)}`)
    if (!fits(folder)) continue
    const isNew = await mkdir(folder, { mode: 0o700 }).then(
      () => true,
      () => false,
    )
    if (isNew && account) await chown(folder, account.uid, account.gid)
    const found = await lstat(folder).catch(() => undefined)
    // Others can write to /tmp too, and what they put there is not to be trusted.
    if (found?.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder
  }
  throw new UserError(`The path ${data} is too long for PostgreSQL's socket: set ATELIER_DATA to a shorter one.`)
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
