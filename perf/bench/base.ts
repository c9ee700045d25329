import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { client } from '../../db/client.ts'
import { dataFolder } from '../../db/embedded/folder.ts'
import { Problem } from '../../db/problem.ts'
import { repository } from './servers.ts'
import { prewarm, type Shop, withFiles } from './shop.ts'

const execute = promisify(execFile)
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Another checkout of this repository, and the database that its API is measured on. */
export type Base = { readonly checkout: string; readonly databaseUrl: string }

/** Opens what `--base` names: the folder of a checkout with its dependencies, or a revision of this repository. */
export const openBase = async (base: string, shop: Shop, products: number): Promise<Base> => {
  const folder = resolve(process.env.INIT_CWD ?? '.', base)
  const isCheckout = await isThere(join(folder, 'package.json'))
  const checkout = isCheckout ? folder : await extract(base)
  return { checkout, databaseUrl: await openDatabase(checkout, shop.url, products) }
}

/** Puts the files of a revision into a folder of their own, with this checkout's dependencies where it has the same. */
const extract = async (revision: string): Promise<string> => {
  const git = async (...args: string[]) => (await execute('git', args, { cwd: repository })).stdout.trim()
  const commit = await git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`).catch(() => {
    throw new Problem(`--base ${revision} is neither the folder of a checkout nor a revision of this repository.`)
  })
  const folder = join(dataFolder(), 'bench', 'revisions', commit.slice(0, 12))
  if (await isThere(folder)) return folder
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await execute('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, partial], { cwd: repository })
  const lockFile = async (folder: string) => readFile(join(folder, 'package-lock.json'), 'utf8')
  const isSame = (await lockFile(partial)) === (await lockFile(repository))
  if (isSame) await symlink(join(repository, 'node_modules'), join(partial, 'node_modules'))
  else await execute('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: partial })
  await rename(partial, folder)
  return folder
}

/** The shop's own database where both have the same migrations, else one that the checkout's importer has filled. */
const openDatabase = async (checkout: string, shopUrl: string, products: number): Promise<string> => {
  const hash = await hashMigrations(checkout)
  if (hash === (await hashMigrations(repository))) return shopUrl
  const url = new URL(shopUrl)
  url.pathname = `/base_${hash}`
  const admin = client(shopUrl, { max: 1 })
  try {
    const [found] = await admin`select from pg_database where datname = ${url.pathname.slice(1)}`
    if (!found) {
      await admin.unsafe(`create database ${url.pathname.slice(1)}`)
      await fill(checkout, url.href, products).catch(async (error) => {
        await admin.unsafe(`drop database ${url.pathname.slice(1)} with (force)`)
        throw error
      })
    }
  } finally {
    await admin.end({ timeout: 5 })
  }
  const sql = client(url.href, { max: 1 })
  await prewarm(sql)
  await sql.end({ timeout: 5 })
  return url.href
}

const fill = (checkout: string, databaseUrl: string, products: number): Promise<void> =>
  withFiles(products, async (folder) => {
    const env = { ...process.env, DATABASE_URL: databaseUrl }
    // The status is 2 where rows were set aside, as some of the generated ones are.
    await execute('npm', ['run', '-s', 'import', '--', folder, '--rejects', join(folder, 'rejects.csv')], {
      cwd: checkout,
      env,
      maxBuffer: 1 << 26,
    }).catch((error: Error & { code?: unknown; stderr?: string }) => {
      if (error.code !== 2) throw new Problem(`The importer of ${checkout} failed: ${error.stderr || error.message}`)
    })
    const sql = client(databaseUrl, { max: 1 })
    await sql`vacuum analyze`
    await sql.end({ timeout: 5 })
  })

const hashMigrations = async (checkout: string): Promise<string> => {
  const hash = createHash('sha256')
  const folder = join(checkout, 'migrations')
  for (const name of (await readdir(folder)).toSorted()) {
    if (name.endsWith('.sql')) hash.update(name).update(await readFile(join(folder, name)))
  }
  return hash.digest('hex').slice(0, 12)
}
