import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { client } from '../../db/client.ts'
import { resolvePath, UserError } from '../../db/commandLine.ts'
import { repository } from './servers.ts'
import { prewarm, type Shop, withFiles } from './shop.ts'

const execute = promisify(execFile)

/** Another checkout of this repository, and the database that its API is measured on. */
export type Base = { readonly checkout: string; readonly databaseUrl: string }

/** Opens the checkout in a folder: on the shop's own database where both have the same migrations, else on another. */
export const openBase = async (folder: string, shop: Shop, products: number): Promise<Base> => {
  const checkout = resolvePath(folder)
  const migrations = await hashMigrations(checkout)
  if (migrations === (await hashMigrations(repository))) return { checkout, databaseUrl: shop.url }
  const name = `base_${migrations}`
  const url = new URL(shop.url)
  url.pathname = name
  const admin = client(shop.url, { max: 1 })
  try {
    const [found] = await admin`select from pg_database where datname = ${name}`
    if (!found) {
      await admin.unsafe(`create database ${name}`)
      await fill(checkout, url.href, products).catch(async (error) => {
        await admin.unsafe(`drop database ${name} with (force)`)
        throw error
      })
    }
  } finally {
    await admin.end({ timeout: 5 })
  }
  await prewarm(url.href)
  return { checkout, databaseUrl: url.href }
}

/** Fills a database with the shop's files by the checkout's own importer. */
const fill = (checkout: string, databaseUrl: string, products: number): Promise<void> =>
  withFiles(products, databaseUrl, async (folder) => {
    const command = ['run', '-s', 'import', '--', folder, '--rejects', join(folder, 'rejects.csv')]
    const options = { cwd: checkout, env: { ...process.env, DATABASE_URL: databaseUrl }, maxBuffer: 1 << 26 }
    // The status is 2 where rows were set aside, as some of the generated ones are.
    await execute('npm', command, options).catch((error: Error & { code?: unknown; stderr?: string }) => {
      if (error.code !== 2) throw new UserError(`The importer of ${checkout} failed: ${error.stderr || error.message}`)
    })
  })

const hashMigrations = async (checkout: string): Promise<string> => {
  const folder = join(checkout, 'migrations')
  const names = await readdir(folder).catch(() => {
    throw new UserError(`--base ${checkout} is no checkout of this repository: git worktree add <folder> <revision>.`)
  })
  const hash = createHash('sha256')
  for (const name of names.toSorted()) hash.update(name).update(await readFile(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}
