import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolvePath, UserError } from '../../db/commandLine.ts'
import { createTemporaryDatabase, runStatements, toDatabaseUrl } from '../databases.ts'
import { repository } from './servers.ts'
import { prewarm, type Shop, withFiles } from './shop.ts'

/** Another checkout of this repository, and the database that its API is measured on. */
export type Base = { readonly checkout: string; readonly databaseUrl: string }

/**
 * Opens the checkout in a folder. It is measured on the shop's database where the migrations are the same, else on one
 * that its own importer fills the first time.
 */
export const openBase = async (folder: string, shop: Shop, products: number): Promise<Base> => {
  const checkout = resolvePath(folder)
  const migrations = await hashMigrations(checkout)
  if (migrations === (await hashMigrations(repository))) return { checkout, databaseUrl: shop.url }
  const name = `base_${migrations}`
  const databases = await runStatements(shop.url, `select from pg_database where datname = '${name}'`)
  if (databases.length === 0) await fill(checkout, name, shop.url, products)
  const databaseUrl = toDatabaseUrl(shop.url, name)
  await prewarm(databaseUrl)
  return { checkout, databaseUrl }
}

/** Fills a database, which has its name only once it is full: what was interrupted is not measured by the next run. */
const fill = async (checkout: string, name: string, server: string, products: number): Promise<void> => {
  await using database = await createTemporaryDatabase(server, 'filling')
  console.error(`The migrations of ${checkout} differ: its own importer fills a database, once.`)
  await withFiles(products, database.url, async (folder) => {
    const command = ['run', '-s', 'import', '--', folder, '--rejects', join(folder, 'rejects.csv')]
    const env = { ...process.env, DATABASE_URL: database.url }
    const child = spawn('npm', command, { cwd: checkout, env, stdio: ['ignore', 'ignore', 'inherit'] })
    const [status] = (await once(child, 'close')) as [number | null]
    // 2 where rows were set aside, as some of the generated ones are.
    if (status !== 0 && status !== 2) throw new UserError(`The importer of ${checkout} ended with ${status}.`)
  })
  await runStatements(server, `alter database ${database.name} rename to ${name}`)
}

const hashMigrations = async (checkout: string): Promise<string> => {
  const folder = join(checkout, 'migrations')
  const names = await readdir(folder).catch(() => {
    throw new UserError(`--base ${checkout} is no checkout of this repository: git worktree add <folder> <revision>.`)
  })
  const hash = createHash('sha256')
  for (const name of names.toSorted()) hash.update(name).update(await readFile(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}
